package io.rackgateway.deploy.gate;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What gates judge: an upgrade from what was observed to a target.
 *
 * @param observation what runs now
 * @param surroundings what the platform gives the gateway
 * @param from the version that runs now
 * @param digest the image digest that was asked for, null for none
 * @param driverPlan the platform's part of the plan
 * @param schema the migrations that the database holds
 * @param running whether the run is about to begin; false while only planning
 */
public record GateContext(
    Observation observation,
    Surroundings surroundings,
    Version from,
    Version to,
    @Nullable String digest,
    DriverPlan driverPlan,
    SchemaState schema,
    boolean running) {}
