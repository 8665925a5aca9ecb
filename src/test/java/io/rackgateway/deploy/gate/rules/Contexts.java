package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import java.util.List;

/** Upgrades for gates to judge. */
public final class Contexts {

  private Contexts() {}

  /** On a platform of which nothing is known. */
  public static GateContext upgrade(String from, String to) {
    return upgrade(from, to, Surroundings.unknown(), false);
  }

  public static GateContext upgrade(
      String from, String to, Surroundings surroundings, boolean running) {
    return new GateContext(
        new Observation("compose", "service gateway of prod", "gw:" + from, null, List.of()),
        surroundings,
        Version.parse(from),
        Version.parse(to),
        null,
        new DriverPlan(
            null,
            "gw:" + to,
            Strategy.RECREATE,
            List.of(),
            List.of(),
            List.of(),
            "one restart of the container",
            "start the old one"),
        SchemaState.of(List.of()),
        running);
  }
}
