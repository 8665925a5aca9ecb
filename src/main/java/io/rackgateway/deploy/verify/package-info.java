/**
 * Verification of a running gateway and the availability probe. Reads only: nothing here changes
 * the gateway.
 */
@NullMarked
package io.rackgateway.deploy.verify;

import org.jspecify.annotations.NullMarked;
