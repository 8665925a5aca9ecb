package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.util.Optional;

/** Ends the wait for an answer when the platform says that none will come. */
record DeadInstance(DeployDriver driver) {

  void throwIfAny() {
    Optional<Problem> failure;
    try {
      failure = driver.failure();
    } catch (DeployException.Usage | DeployException.StepFailed e) {
      // The platform cannot be asked just now: that says nothing about the gateway.
      return;
    }
    if (failure.isPresent()) {
      throw new DeployException.StepFailed(failure.get());
    }
  }
}
