/**
 * The only place that waits: cancellable waits with deadlines on an injected clock. Nobody else
 * sleeps.
 */
@NullMarked
package io.rackgateway.deploy.time;

import org.jspecify.annotations.NullMarked;
