package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.RunId;
import java.time.Instant;

/**
 * What a run leaves on the platform while it is at work, so that a runner without the journal can
 * see that, and undo it.
 *
 * @param owner who runs it, for people: {@code ci-runner-7, process 4711}
 * @param plan the plan as JSON; holds no secrets
 */
public record Mark(RunId run, String owner, Instant startedAt, String plan) {}
