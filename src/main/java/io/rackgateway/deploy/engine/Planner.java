package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans, and finds out whether the world is still the one a plan was made for. Changes
 * nothing.
 */
public final class Planner {

  /** The gate that tells whether the target lies in the right direction. */
  static final String DIRECTION = "compatibility";

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
   * @param accept what was decided about gates that would block
   * @param restore the backup that the database is restored from; null when it stays as it is
   * @param found gates that were evaluated before, which stand in the place of the planner's own of
   *     the same name
   */
  public record Request(
      Plan.Kind kind,
      Version to,
      @Nullable String digest,
      @Nullable Version from,
      List<Acceptance> accept,
      @Nullable Backup restore,
      List<Gate> found) {

    public Request {
      accept = List.copyOf(accept);
      found = List.copyOf(found);
    }

    /** A request that leaves the database as it is, but for migrations. */
    public Request(
        Plan.Kind kind,
        Version to,
        @Nullable String digest,
        @Nullable Version from,
        List<Acceptance> accept) {
      this(kind, to, digest, from, accept, null, List.of());
    }

    /** The same request, its database restored where a backup is given, with gates found before. */
    Request with(List<Gate> gates, @Nullable Backup backup) {
      return new Request(kind, to, digest, from, accept, backup, gates);
    }
  }

  /** Observes, and plans from what was seen, for somebody to look at. */
  public Plan plan(Request request) {
    return plan(request, false);
  }

  /** Like {@link #plan}, for a run that is about to begin. */
  Plan planToRun(Request request) {
    return plan(request, true);
  }

  private Plan plan(Request request, boolean running) {
    Observation observation = ports.driver().observe();
    Version given = request.from();
    Version from = given == null ? currentVersion(observation) : given;
    boolean upgrade = request.kind() == Plan.Kind.UPGRADE;
    Backup restore = request.restore();
    Target target =
        new Target(request.to(), request.digest(), upgrade && settings.migrate(), restore != null);
    List<Gate> gates = new ArrayList<>();
    Outlook outlook = Outlook.NONE;
    DriverPlan driverPlan;
    SchemaState schema;
    try (Meanwhile meanwhile = new Meanwhile()) {
      Supplier<SchemaState> reading = meanwhile.begin(ports.schema()::read);
      if (upgrade) {
        Supplier<Surroundings> looking =
            meanwhile.begin(() -> ports.driver().surroundings(observation, target));
        driverPlan = ports.driver().plan(observation, target);
        GateContext context =
            new GateContext(
                observation,
                looking,
                from,
                request.to(),
                request.digest(),
                driverPlan,
                reading,
                running);
        gates.add(running(observation));
        for (GateAnswer answer : new Gates(ports.gates(), settings.gateDeadline()).ask(context)) {
          gates.add(answer.gate());
          outlook = outlook.and(answer.outlook());
        }
        gates.addAll(looking.get().basics());
      } else {
        driverPlan = ports.driver().plan(observation, target);
        if (request.found().stream().noneMatch(gate -> gate.name().equals(DIRECTION))) {
          gates.add(direction(from, request.to()));
        }
        gates.addAll(request.found());
        gates.add(running(observation));
        if (restore != null) {
          gates.add(ports.restorer().preflight(restore));
          gates.add(RestorePhases.fits(restore, request.to()));
        }
      }
      schema = reading.get();
    }
    gates.addAll(driverPlan.gates());
    gates = accepted(gates, request.accept());
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
        steps(upgrade, driverPlan, restore),
        gates,
        schema,
        restore == null ? driverPlan.interruption() : RestorePhases.INTERRUPTION,
        restore == null
            ? driverPlan.rollbackRoute()
            : RestorePhases.ROUTE_BACK + driverPlan.rollbackRoute(),
        restore == null
            ? rollbackData(upgrade, from, schema, gates, outlook)
            : ports.restorer().outlook(restore),
        restore == null ? null : restore.id(),
        outlook,
        settings.toolVersion(),
        ports.waits().clock().instant());
  }

  /** What was accepted in the configuration may be of an upgrade before; an option is meant. */
  private List<Gate> accepted(List<Gate> gates, List<Acceptance> given) {
    for (Acceptance acceptance : given) {
      if (gates.stream().noneMatch(gate -> gate.name().equals(acceptance.gate()))) {
        throw new DeployException.Usage(
            "--accept " + acceptance + ": there is no gate '" + acceptance.gate() + "' here",
            "the gates are " + String.join(", ", gates.stream().map(Gate::name).toList()));
      }
    }
    for (Acceptance acceptance : given) {
      if (gates.stream()
          .filter(gate -> gate.name().equals(acceptance.gate()))
          .noneMatch(gate -> gate.acknowledge().contains(acceptance.value()))) {
        ports
            .events()
            .emit(
                new Event.Notice(
                    "--accept " + acceptance + " changes nothing: the gate does not ask for it"));
      }
    }
    for (Acceptance acceptance : settings.accept()) {
      if (gates.stream().noneMatch(gate -> gate.name().equals(acceptance.gate()))) {
        ports
            .events()
            .emit(
                new Event.Notice(
                    "gates.accept: there is no gate '"
                        + acceptance.gate()
                        + "' here, so that "
                        + acceptance
                        + " accepts nothing"));
      }
    }
    List<Acceptance> all = new ArrayList<>(settings.accept());
    all.addAll(given);
    return gates.stream()
        .map(
            gate ->
                gate.accepting(
                    all.stream()
                        .filter(acceptance -> acceptance.gate().equals(gate.name()))
                        .map(Acceptance::value)
                        .toList()))
        .toList();
  }

  /** Claims nothing that the gate of the migrations did not find out. */
  private String rollbackData(
      boolean upgrade, Version from, SchemaState schema, List<Gate> gates, Outlook outlook) {
    if (!upgrade || !settings.migrate()) {
      return "the database is left as it is";
    }
    if (outlook.breaksOldVersion()) {
      return "once migrated, "
          + from
          + " cannot work with the database: going back needs it restored from the backup";
    }
    List<PendingMigration> pending = outlook.migrations();
    if (pending.isEmpty() && gates.stream().anyMatch(Planner::passedMigrations)) {
      return "no migration would run: the database is left as it is";
    }
    boolean clear =
        schema.known()
            && !pending.isEmpty()
            && pending.stream().noneMatch(m -> m.has(PendingMigration.Kind.UNCLEAR));
    return clear
        ? "the database stays as migrated, and " + from + " can work with it; no row is lost"
        : "the database stays as migrated; whether " + from + " can work with it is not known";
  }

  private static boolean passedMigrations(Gate gate) {
    return gate.name().equals("migrations") && gate.result() == Gate.Result.PASS;
  }

  /**
   * Makes sure that a plan still fits the world, by planning the same again.
   *
   * @param accept what was decided since about gates that would block
   * @return the same plan, with the gates as they stand now
   * @throws DeployException.Blocked naming each difference if it does not
   */
  Plan refuseDrift(Plan approved, List<Acceptance> accept) {
    List<Acceptance> accepted = new ArrayList<>(acceptances(approved));
    accepted.addAll(accept);
    Plan now =
        planToRun(
            new Request(
                approved.kind(), approved.to(), approved.digest(), approved.from(), accepted));
    if (now.hash().equals(approved.hash())) {
      return now;
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
        differences.add(
            name.startsWith("file ") && before.containsKey(name) && after.containsKey(name)
                ? name + " was changed"
                : name + ": planned for " + planned + ", found " + found);
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

  private static List<Acceptance> acceptances(Plan plan) {
    return plan.gates().stream()
        .flatMap(gate -> gate.accepted().stream().map(value -> new Acceptance(gate.name(), value)))
        .toList();
  }

  private List<PlannedStep> steps(
      boolean upgrade, DriverPlan driverPlan, @Nullable Backup restore) {
    List<PlannedStep> steps = new ArrayList<>();
    if (upgrade) {
      steps.addAll(ports.backup().steps());
      steps.addAll(ports.proving().steps(true));
    }
    driverPlan.steps().stream()
        .filter(step -> upgrade || step.phase() != Phase.MIGRATE)
        .forEach(steps::add);
    if (restore != null) {
      long before = steps.stream().filter(step -> step.phase() == Phase.PREPARE).count();
      steps.addAll((int) before, RestorePhases.steps(ports.restorer(), restore));
    }
    if (upgrade) {
      ports.watch().limits().map(BakePhase::step).ifPresent(steps::add);
    }
    return steps;
  }

  /**
   * The version that should run, as the platform tells.
   *
   * @throws DeployException.Usage if it does not tell
   */
  public static Version currentVersion(Observation observation) {
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

  private static Gate direction(Version from, Version to) {
    String name = DIRECTION;
    return to.compareTo(from) <= 0
        ? Gate.pass(name, from + " → " + to + " goes back")
        : Gate.block(name, to + " is newer than " + from, "use 'upgrade --to " + to + "'");
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
