/**
 * Watching a gateway while it serves: how its requests are answered, by its own log and by
 * Prometheus, and whether that is worse than it may be. Decides by statistical tests, acts on
 * nothing.
 */
@NullMarked
package io.rackgateway.deploy.verify.bake;

import org.jspecify.annotations.NullMarked;
