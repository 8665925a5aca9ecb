/** Checks that ask the platform which the gateway runs on. */
@NullMarked
package io.rackgateway.deploy.verify.platform;

import org.jspecify.annotations.NullMarked;
