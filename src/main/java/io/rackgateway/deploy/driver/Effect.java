package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;

/**
 * One change to the outside world. It is written to the journal before and after, and may be run
 * again when nobody knows whether it had happened: it looks first, and does what is left to do.
 *
 * @param name stable within the phase, lower case: {@code pull-image}
 * @param description what it does, one phrase for people, with the command it runs where it runs
 *     one
 */
public record Effect(Phase phase, String name, String description, Action action) {

  /** What the effect does. */
  @FunctionalInterface
  public interface Action {
    /**
     * Brings the effect about, or finds that it is there already.
     *
     * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it cannot be brought about
     * @throws io.rackgateway.deploy.model.DeployException.Cancelled if it was interruptible and the
     *     run is cancelled
     */
    void run();
  }

  /** The effect as the plan tells it. */
  public PlannedStep step() {
    return new PlannedStep(phase, name, description);
  }
}
