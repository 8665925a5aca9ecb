package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.model.Plan;

/** Whatever has to allow the calls that change something. */
@FunctionalInterface
interface Clearance {

  /**
   * Comes back when they are allowed.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if they will not be
   */
  void ensure(Plan plan);
}
