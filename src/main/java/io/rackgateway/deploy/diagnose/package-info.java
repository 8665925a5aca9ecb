/**
 * The port to what gathers evidence when a run fails. It only reads, and it never makes a run fail.
 */
@NullMarked
package io.rackgateway.deploy.diagnose;

import org.jspecify.annotations.NullMarked;
