package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Measures;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.Expectation;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks after an upgrade, once each time it is called, as a schedule does for its first day. What
 * each look saw is in the journal, and all of them are one record. Changes nothing.
 */
public final class SinceUpgrade {

  private static final int HISTORY = 100;
  private static final int PROBES = 5;
  private static final Duration PROBING = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration LONG_AGO = Duration.ofDays(7);

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;

  public SinceUpgrade(Settings settings, Ports ports, Journal journal) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
  }

  /**
   * What was seen.
   *
   * @param result done when all is well, failed otherwise
   * @param back the version to go back to where the new one is clearly bad; null where it is not
   */
  public record Seen(RunResult result, @Nullable Version back) {

    /** The same with how the rollback came out. */
    public RunResult rolledBack(RunResult rollback) {
      boolean undone = rollback.outcome() == ExitCode.DONE;
      return ended(
          undone ? ExitCode.UNDONE : rollback.outcome(),
          undone
              ? "; run " + rollback.run() + " rolled it back to " + back + ", which was verified"
              : "; rolling it back to " + back + " failed: " + rollback.message(),
          rollback.next(),
          rollback.running(),
          undone);
    }

    /** The same with why there was no rollback. */
    public RunResult notRolledBack(DeployException why) {
      return ended(
          ExitCode.FAILED,
          "; it was not rolled back: " + why.problem().summary(),
          why.problem().next(),
          result.running(),
          false);
    }

    private RunResult ended(
        ExitCode outcome,
        String more,
        @Nullable String next,
        @Nullable String running,
        boolean undone) {
      return new RunResult(
          outcome,
          result.run(),
          result.command(),
          result.gateway(),
          result.from(),
          result.to(),
          running,
          result.message() + more,
          next,
          result.details(),
          undone,
          result.backup(),
          result.restore(),
          result.downtime(),
          result.bake(),
          result.gates(),
          result.checks(),
          result.phases(),
          result.planHash(),
          result.startedAt(),
          result.finishedAt(),
          result.diagnostics());
    }
  }

  /**
   * The newest run that changed what runs, if it was an upgrade.
   *
   * @param gateway the gateway's name
   */
  public static Optional<RunRecord> upgrade(Journal journal, String gateway) {
    return newest(journal, gateway).filter(run -> isUpgrade(run.plan()));
  }

  private static Optional<RunRecord> newest(Journal journal, String gateway) {
    return journal.runs(gateway, HISTORY).stream()
        .filter(run -> run.plan() != null)
        .filter(run -> run.outcome().filter(r -> r.outcome() == ExitCode.DONE).isPresent())
        .findFirst();
  }

  private static boolean isUpgrade(@Nullable Plan plan) {
    return plan != null && plan.kind() == Plan.Kind.UPGRADE;
  }

  /**
   * Looks once.
   *
   * @throws DeployException.Usage if the journal has no run that changed what runs
   */
  public Seen look() {
    Instant start = now();
    RunRecord run =
        newest(journal, settings.gateway())
            .orElseThrow(
                () ->
                    new DeployException.Usage(
                        "the journal has no upgrade of '" + settings.gateway() + "'",
                        "use the journal that the upgrade was recorded in, or 'verify' without"
                            + " --since-upgrade"));
    Plan plan = run.plan();
    if (plan == null || !isUpgrade(plan)) {
      return new Seen(nothingToLookAfter(start), null);
    }
    Instant since = run.outcome().map(RunResult::finishedAt).orElse(run.startedAt());
    BakeLimits limits =
        ports
            .watch()
            .limits()
            .orElseThrow(() -> new IllegalStateException("looking has no limits to go by"));
    Baseline before = journal.baseline(run.id()).orElse(null);
    List<Look> earlier = journal.looks(run.id());
    boolean over = start.isAfter(since.plus(limits.period())) && !earlier.isEmpty();
    ProbeCount probes = probe();
    List<Check> checks = check(plan, before, earlier.isEmpty() ? since : last(earlier).until());
    Look look =
        ports.watch().look(new Watch.Looking(run.id(), limits, since, before, earlier, probes));
    if (!over) {
      journal.recordLook(settings.gateway(), look);
    }
    return seen(plan, since, limits, before, earlier, look, checks, start);
  }

  private static Look last(List<Look> looks) {
    return looks.get(looks.size() - 1);
  }

  private RunResult nothingToLookAfter(Instant start) {
    return result(
        ExitCode.DONE,
        null,
        "nothing is to be looked after: the last run of '"
            + settings.gateway()
            + "' was no upgrade",
        null,
        List.of(),
        null,
        List.of(),
        start);
  }

  /** A handful; their outcomes come at once where the gateway answers. */
  private ProbeCount probe() {
    try (Measurement measurement = ports.probe().start()) {
      if (!ports.probe().watches()) {
        return ProbeCount.NONE;
      }
      ports
          .waits()
          .untilTrue(
              PROBES + " health probes",
              PROBING,
              POLL,
              new Waits.Wakeup(),
              () -> measurement.count().probes() >= PROBES);
      return measurement.count();
    }
  }

  private List<Check> check(Plan plan, @Nullable Baseline before, Instant since) {
    String image = ports.driver().resolve(plan.toReference()).orElse(null);
    return ports
        .verifier()
        .verify(new Expectation(plan.to(), image, since, true).comparedWith(before).now());
  }

  private Seen seen(
      Plan plan,
      Instant since,
      BakeLimits limits,
      @Nullable Baseline before,
      List<Look> earlier,
      Look look,
      List<Check> checks,
      Instant start) {
    List<String> failures =
        checks.stream()
            .filter(check -> check.verdict() == Verdict.FAIL)
            .map(check -> check.name() + ": " + check.evidence())
            .toList();
    boolean bad = look.verdict() == Verdict.FAIL;
    boolean down =
        checks.stream()
            .anyMatch(check -> check.name().equals("health") && check.verdict() == Verdict.FAIL);
    // A handful of lost probes may be the network's; the check of the health has asked for longer.
    boolean clearly = bad && (look.failures() < look.probes() || look.probes() == 0 || down);
    Bake bake = bake(since, limits, before, earlier, look);
    boolean well = !bad && failures.isEmpty();
    String subject =
        plan.to() + " of '" + settings.gateway() + "', upgraded " + ago(since, start) + " ago, ";
    RunResult result =
        result(
            well ? ExitCode.DONE : ExitCode.FAILED,
            plan,
            well
                ? subject + "does well: " + look.evidence() + advice(since, limits, start)
                : subject + "does not do well: " + (bad ? look.evidence() : failures.get(0)),
            well
                ? null
                : "see the checks, then the gateway's logs; 'rollback' brings "
                    + plan.from()
                    + " back",
            bad || failures.isEmpty() ? failures : failures.subList(1, failures.size()),
            bake,
            checks,
            start);
    return new Seen(result, clearly ? plan.from() : null);
  }

  private static String advice(Instant since, BakeLimits limits, Instant now) {
    Duration age = Duration.between(since, now);
    if (age.compareTo(limits.period()) <= 0) {
      return "";
    }
    return "; the "
        + Spans.show(limits.period())
        + " after the upgrade are over, and nothing is added to their record"
        + (age.compareTo(LONG_AGO) > 0 ? ": take this command off its schedule" : "");
  }

  private static Bake bake(
      Instant since, BakeLimits limits, @Nullable Baseline before, List<Look> earlier, Look look) {
    Traffic traffic = look.traffic();
    int probes = look.probes();
    int failures = look.failures();
    for (Look one : earlier) {
      traffic = traffic.plus(one.traffic());
      probes += one.probes();
      failures += one.failures();
    }
    Measures measures = Measures.of(traffic);
    return new Bake(
        limits,
        since,
        Duration.between(since, look.until()),
        measures.requests(),
        measures.serverErrors(),
        measures.p99(),
        probes,
        failures,
        look.verdict(),
        look.evidence(),
        before == null ? null : Measures.of(before.traffic()));
  }

  private static String ago(Instant since, Instant now) {
    Duration age = Duration.between(since, now);
    if (age.toMinutes() < 120) {
      return age.toMinutes() + " min";
    }
    return age.toHours() < 48 ? age.toHours() + " h" : age.toDays() + " days";
  }

  private RunResult result(
      ExitCode outcome,
      @Nullable Plan plan,
      String message,
      @Nullable String next,
      List<String> details,
      @Nullable Bake bake,
      List<Check> checks,
      Instant start) {
    return new RunResult(
        outcome,
        null,
        "verify",
        settings.gateway(),
        plan == null ? null : plan.from().tag(),
        plan == null ? null : plan.to().tag(),
        ports.driver().observe().knownVersion().map(Version::tag).orElse(null),
        message,
        next,
        details,
        false,
        null,
        null,
        null,
        bake,
        List.of(),
        checks,
        List.of(),
        null,
        start,
        now(),
        null);
  }

  private Instant now() {
    return ports.waits().clock().instant();
  }
}
