package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;

/** A plan being carried out by a run. Effects derive their identities from the run's id. */
public record Deployment(RunId run, Plan plan) {}
