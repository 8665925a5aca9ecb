package io.rackgateway.deploy.diagnose;

import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.util.Optional;

/** Gathers the evidence of a failure, before undoing it takes that away. */
@FunctionalInterface
public interface Diagnostics {

  /**
   * Gathers what can be had within a few seconds. Never throws: that there is less evidence is no
   * reason to leave a gateway as it is.
   *
   * @param why how the run failed
   * @return the folder it is in; empty where none could be written
   */
  Optional<String> gather(RunId run, Plan plan, Problem why);

  /** Gathers nothing. */
  static Diagnostics none() {
    return (run, plan, why) -> Optional.empty();
  }
}
