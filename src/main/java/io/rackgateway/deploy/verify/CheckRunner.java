package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.model.Verdict;

/** Finds out one fact about the running gateway. */
public interface CheckRunner {

  /** Stable, lower case: {@code health}. */
  String name();

  /**
   * Finds out. May wait for the fact to come true, within its configured limit.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed with the reason when the fact
   *     does not hold
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run is cancelled meanwhile
   */
  Finding run(Expectation expectation);

  /** What was found. */
  record Finding(Verdict verdict, String evidence) {

    public static Finding pass(String evidence) {
      return new Finding(Verdict.PASS, evidence);
    }

    public static Finding warn(String evidence) {
      return new Finding(Verdict.WARN, evidence);
    }

    public static Finding fail(String evidence) {
      return new Finding(Verdict.FAIL, evidence);
    }

    public static Finding skipped(String evidence) {
      return new Finding(Verdict.SKIPPED, evidence);
    }
  }
}
