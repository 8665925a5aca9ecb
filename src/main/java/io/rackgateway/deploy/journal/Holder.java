package io.rackgateway.deploy.journal;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The run that is at work on a gateway, as far as its lease tells.
 *
 * @param expiresAt when the lease runs out unless it is renewed
 */
public record Holder(RunId run, Owner owner, Instant expiresAt) {

  /** What to tell another run that wants the gateway. */
  public DeployException.Locked refusal(String gateway) {
    return new DeployException.Locked(
        Problem.of(
            "run " + run + " (" + owner + ") holds the lock of '" + gateway + "'",
            "wait for it to end; if it was killed, its lock runs out at "
                + expiresAt.truncatedTo(ChronoUnit.SECONDS)
                + " and 'resume' finishes or undoes it"));
  }
}
