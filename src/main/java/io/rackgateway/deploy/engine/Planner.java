package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans, and finds out whether the world is still the one a plan was made for. Changes
 * nothing.
 */
public final class Planner {

  private final Settings settings;
  private final Ports ports;

  public Planner(Settings settings, Ports ports) {
    this.settings = settings;
    this.ports = ports;
  }

  /**
   * What a plan is wanted for.
   *
   * @param digest the image digest to pin to, null for none
   * @param from the version that runs now, where the platform does not tell; null to rely on the
   *     platform
   */
  public record Request(
      Plan.Kind kind, Version to, @Nullable String digest, @Nullable Version from) {}

  /** Observes, and plans from what was seen. */
  public Plan plan(Request request) {
    Observation observation = ports.driver().observe();
    Version from = currentVersion(observation, request.from());
    boolean upgrade = request.kind() == Plan.Kind.UPGRADE;
    DriverPlan driverPlan =
        ports
            .driver()
            .plan(
                observation,
                new Target(request.to(), request.digest(), upgrade && settings.migrate()));
    List<Gate> gates = new ArrayList<>();
    gates.add(compatibility(request.kind(), from, request.to()));
    gates.add(running(observation));
    if (upgrade) {
      gates.add(ports.backup().preflight());
    }
    gates.addAll(driverPlan.gates());
    gates.forEach(gate -> ports.events().emit(new Event.GateEvaluated(gate)));
    return new Plan(
        request.kind(),
        settings.gateway(),
        observation.platform(),
        observation.location(),
        from,
        request.to(),
        observation.reference(),
        driverPlan.fromImage(),
        driverPlan.toReference(),
        request.digest(),
        observation.instances(),
        driverPlan.strategy(),
        driverPlan.edits(),
        steps(upgrade, driverPlan),
        gates,
        ports.schema().read(),
        driverPlan.interruption(),
        driverPlan.rollbackRoute(),
        settings.toolVersion(),
        ports.waits().clock().instant());
  }

  /**
   * Makes sure that a plan still fits the world, by planning the same again.
   *
   * @throws DeployException.Blocked naming each difference if it does not
   */
  public void refuseDrift(Plan approved) {
    Plan now =
        plan(new Request(approved.kind(), approved.to(), approved.digest(), approved.from()));
    if (now.hash().equals(approved.hash())) {
      return;
    }
    Map<String, String> before = approved.inputs();
    Map<String, String> after = now.inputs();
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      String planned = before.getOrDefault(name, "(nothing)");
      String found = after.getOrDefault(name, "(nothing)");
      if (!planned.equals(found)) {
        differences.add(name + ": planned for " + planned + ", found " + found);
      }
    }
    throw new DeployException.Blocked(
        new Problem(
            "the plan no longer fits: "
                + differences.get(0)
                + (differences.size() > 1 ? " (and " + (differences.size() - 1) + " more)" : ""),
            "make a new plan with 'plan --to "
                + approved.to()
                + " --out FILE' and have it approved",
            differences.subList(1, differences.size())));
  }

  private List<PlannedStep> steps(boolean upgrade, DriverPlan driverPlan) {
    List<PlannedStep> steps = new ArrayList<>();
    if (upgrade) {
      steps.addAll(ports.backup().steps());
    }
    driverPlan.steps().stream()
        .filter(step -> upgrade || step.phase() != Phase.MIGRATE)
        .forEach(steps::add);
    return steps;
  }

  private static Version currentVersion(Observation observation, @Nullable Version given) {
    if (given != null) {
      return given;
    }
    return observation
        .knownVersion()
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    "the running version is not known: '"
                        + observation.reference()
                        + "' at "
                        + observation.location()
                        + " does not name one",
                    "say which version runs now with --from v1.0.0"));
  }

  private static Gate compatibility(Plan.Kind kind, Version from, Version to) {
    String name = "compatibility";
    int order = to.compareTo(from);
    if (kind == Plan.Kind.ROLLBACK) {
      return order <= 0
          ? Gate.pass(name, from + " → " + to + " goes back")
          : Gate.block(name, to + " is newer than " + from, "use 'upgrade --to " + to + "'");
    }
    if (order < 0) {
      return Gate.block(
          name, to + " is older than the running " + from, "use 'rollback --to " + to + "'");
    }
    int majors = to.semver().getMajor() - from.semver().getMajor();
    if (majors == 0) {
      return Gate.pass(
          name, from + " → " + to + " stays within v" + from.semver().getMajor() + ".x");
    }
    return Gate.warn(
        name,
        from + " → " + to + " crosses a major version",
        "read the migration guide of v" + to.semver().getMajor() + " first");
  }

  private static Gate running(Observation observation) {
    long serving = observation.instances().stream().filter(Instance::serving).count();
    int all = observation.instances().size();
    String evidence = serving + " of " + all + " instances serve at " + observation.location();
    if (serving > 0 && serving == all) {
      return Gate.pass("running", evidence);
    }
    return Gate.warn(
        "running",
        evidence,
        "find out why before upgrading: a rollback can only bring back what runs now");
  }
}
