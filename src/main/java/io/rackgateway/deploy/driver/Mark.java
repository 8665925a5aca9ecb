package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.time.Instant;
import java.util.List;

/**
 * What a run leaves on the platform while it is at work, so that a runner without the journal can
 * see that, and undo it.
 *
 * @param owner who runs it, for people: {@code ci-runner-7, process 4711}
 * @param plan the plan as JSON; holds no secrets
 */
public record Mark(RunId run, String owner, Instant startedAt, String plan) {

  /**
   * What another run is told.
   *
   * @param what what the run of this mark is at work on
   * @param where where the mark is found
   */
  public DeployException.Locked atWorkOn(String what, String where) {
    return new DeployException.Locked(
        new Problem(
            "run " + run + " of " + owner + " is at work on " + what + " since " + startedAt,
            "wait for it to end; if it was killed, 'resume " + run + "' finishes or undoes it",
            List.of("its mark is " + where)));
  }
}
