/**
 * Webhooks that are told of runs. They listen to a run's events and never hold it up or make it
 * fail.
 */
@NullMarked
package io.rackgateway.deploy.notice;

import org.jspecify.annotations.NullMarked;
