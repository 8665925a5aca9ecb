package io.rackgateway.deploy.gate;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What gates judge: an upgrade from what was observed to a target.
 *
 * @param observation what runs now
 * @param around what the platform gives the gateway; may take a while
 * @param from the version that runs now
 * @param digest the image digest that was asked for, null for none
 * @param driverPlan the platform's part of the plan
 * @param read the migrations that the database holds; may take a while
 * @param running whether the run is about to begin; false while only planning
 */
public record GateContext(
    Observation observation,
    Supplier<Surroundings> around,
    Version from,
    Version to,
    @Nullable String digest,
    DriverPlan driverPlan,
    Supplier<SchemaState> read,
    boolean running) {

  /** With all of it at hand. */
  public GateContext(
      Observation observation,
      Surroundings surroundings,
      Version from,
      Version to,
      @Nullable String digest,
      DriverPlan driverPlan,
      SchemaState schema,
      boolean running) {
    this(observation, () -> surroundings, from, to, digest, driverPlan, () -> schema, running);
  }

  /** What the platform gives the gateway, waited for. */
  public Surroundings surroundings() {
    return around.get();
  }

  /** The migrations that the database holds, waited for. */
  public SchemaState schema() {
    return read.get();
  }
}
