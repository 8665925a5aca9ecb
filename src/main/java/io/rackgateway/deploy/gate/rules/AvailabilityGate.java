package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.driver.Surroundings.Availability;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Gate;
import java.util.ArrayList;
import java.util.List;

/**
 * The gate {@code availability}: whether the platform keeps the gateway answering during the
 * rollout. By the upgrade guide that takes two instances at least, health checks, and a rollout
 * that keeps some running. It warns of an interruption and never blocks: that is the maintenance
 * window's business.
 */
public final class AvailabilityGate implements GateCheck {

  private static final String NAME = "availability";
  private static final int ENOUGH = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    Availability availability = context.surroundings().availability();
    String expected = context.driverPlan().interruption();
    if (availability == null) {
      return GateAnswer.of(
          Gate.warn(
              NAME,
              "the platform does not tell what keeps the gateway answering; expected: " + expected,
              "watch it from outside: the run measures its downtime"));
    }
    List<String> missing =
        availability.rolling()
            ? missing(availability)
            : List.of("its rollout stops the old version before the new one answers");
    if (missing.isEmpty()) {
      return GateAnswer.of(
          Gate.pass(
              NAME,
              "zero-downtime: "
                  + availability.instances()
                  + (availability.instances() == 1 ? " instance" : " instances")
                  + " with health checks, replaced while others answer"));
    }
    return GateAnswer.of(
        Gate.warn(
            NAME,
            "an interruption is to be expected (" + expected + "): " + String.join("; ", missing),
            "tell the users, or choose a maintenance window"));
  }

  private static List<String> missing(Availability availability) {
    List<String> missing = new ArrayList<>();
    if (!availability.healthCheck()) {
      missing.add("it has no health check, so that the platform cannot tell when a copy is ready");
    }
    Integer minimum = availability.minimum();
    if (minimum != null && minimum < 1) {
      missing.add("its rollout may stop every copy at once");
    }
    if (availability.instances() < ENOUGH && !besideTheOld(availability)) {
      missing.add(
          availability.instances() == 1
              ? "it has one instance"
              : "it has " + availability.instances() + " instances");
    }
    return missing;
  }

  /** One copy is enough where its successor is up and looked at before it stops. */
  private static boolean besideTheOld(Availability availability) {
    Integer minimum = availability.minimum();
    return availability.rolling()
        && availability.healthCheck()
        && minimum != null
        && minimum >= availability.instances()
        && availability.instances() > 0;
  }
}
