package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Strategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A driver's part of a plan.
 *
 * @param fromImage the platform's identity of what runs now, null when nothing runs and it is not
 *     known
 * @param toReference what the manifest will name
 * @param steps the driver's effects of the phases prepare, migrate and rollout, in order
 * @param gates conditions that only the driver can judge
 * @param interruption the interruption to expect, one phrase
 * @param rollbackRoute how it would be undone, one sentence
 */
public record DriverPlan(
    @Nullable String fromImage,
    String toReference,
    Strategy strategy,
    List<ManifestEdit> edits,
    List<PlannedStep> steps,
    List<Gate> gates,
    String interruption,
    String rollbackRoute) {

  public DriverPlan {
    edits = List.copyOf(edits);
    steps = List.copyOf(steps);
    gates = List.copyOf(gates);
  }
}
