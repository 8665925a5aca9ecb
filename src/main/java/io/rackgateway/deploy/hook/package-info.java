/**
 * The port to commands of the user's own around a run. When they are run the engine decides; what
 * they are the configuration says.
 */
@NullMarked
package io.rackgateway.deploy.hook;

import org.jspecify.annotations.NullMarked;
