package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.OrphanedCommands;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Begins runs, and takes up interrupted ones. */
public final class Engine {

  private static final int HISTORY = 1_000;
  private static final Duration LOCK_POLL = Duration.ofMillis(500);

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RandomGenerator random;

  public Engine(Settings settings, Ports ports, Journal journal, RandomGenerator random) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.random = random;
  }

  /**
   * Plans and carries the plan out. An interrupted run that wanted the same is taken up instead of
   * beginning a second one; a gateway that runs the target already is left alone.
   *
   * @throws DeployException.Blocked if a gate forbids it, or another interrupted run comes first
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  public RunResult carryOut(Planner planner, Planner.Request request) {
    return takeUpInstead(request.kind(), request.to())
        .orElseGet(
            () -> {
              Plan plan = planner.planToRun(request);
              return plan.arrived() ? nothingToDo(plan) : begin(plan);
            });
  }

  /**
   * Carries out exactly the plan that was approved, after making sure that it still fits.
   *
   * @param accept what was decided since about gates that would block
   * @throws DeployException.Blocked if the world has drifted from the plan, a gate forbids it, or
   *     another interrupted run comes first
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  public RunResult carryOut(Planner planner, Plan approved, List<Acceptance> accept) {
    return takeUpInstead(approved.kind(), approved.to())
        .orElseGet(
            () -> {
              return begin(planner.refuseDrift(approved, accept));
            });
  }

  /**
   * Whether a run of this gateway was interrupted and waits to be finished or undone.
   *
   * @throws DeployException.Locked if a run is at work on the gateway
   */
  public boolean isInterrupted() {
    refuseWhileAtWork();
    return journal.unfinished(settings.gateway()).isPresent();
  }

  /** The version that ran before the last upgrade that led to what runs now, if it is known. */
  public Optional<Version> versionBefore() {
    return upgradeBefore().map(RunRecord::plan).map(Plan::from);
  }

  private Optional<RunRecord> upgradeBefore() {
    Optional<Version> current = ports.driver().observe().knownVersion();
    return journal.runs(settings.gateway(), HISTORY).stream()
        .filter(run -> run.outcome().map(r -> r.outcome() == ExitCode.DONE).orElse(false))
        .filter(
            run -> {
              Plan plan = run.plan();
              return plan != null
                  && plan.kind() == Plan.Kind.UPGRADE
                  && current.map(plan.to()::equals).orElse(true);
            })
        .findFirst();
  }

  /**
   * Brings the database back to a backup, and the gateway to the version that belongs to it. An
   * interrupted restore is taken up instead; where another run was interrupted or failed, and the
   * version before is wanted, its changes to the platform are undone first.
   *
   * @throws DeployException.Usage if there is no such backup or version
   * @throws DeployException.Blocked if a gate forbids it, or another interrupted run comes first
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  public RunResult restore(Planner planner, RestoreRequest wanted) {
    refuseWhileAtWork();
    Optional<RunRecord> unfinished = journal.unfinished(settings.gateway());
    Plan other = unfinished.map(RunRecord::plan).orElse(null);
    if (unfinished.isPresent()) {
      RunRecord record = unfinished.get();
      String restores = other == null ? null : other.restores();
      if (restores != null && (wanted.backup() == null || restores.equals(wanted.backup()))) {
        return takeUpSame(record);
      }
      boolean upgrade = other != null && other.kind() == Plan.Kind.UPGRADE;
      if (!upgrade || !wanted.back()) {
        throw comesFirst(record);
      }
    }
    Planner.Request request = restoring(wanted, unfinished);
    refuseBlocked(List.of(ports.restorer().preflight(Objects.requireNonNull(request.restore()))));
    if (unfinished.isPresent()) {
      RunResult handed = handOver(unfinished.get(), Objects.requireNonNull(other));
      if (handed.outcome() != ExitCode.UNDONE) {
        return handed;
      }
    }
    return begin(planner.planToRun(request));
  }

  private Planner.Request restoring(RestoreRequest wanted, Optional<RunRecord> unfinished) {
    BackupChoice choice = new BackupChoice(ports.backup(), journal, settings.gateway());
    Optional<RunRecord> undone = unfinished.isPresent() ? unfinished : upgradeBefore();
    Optional<Version> before = undone.map(RunRecord::plan).map(Plan::from);
    Version to = wanted.to();
    if (to == null && wanted.back()) {
      to =
          before.orElseThrow(
              () ->
                  new DeployException.Usage(
                      "the journal has no upgrade of '"
                          + settings.gateway()
                          + "' that led to the version that runs now",
                      "say which version to go back to: rollback --restore-database --to v1.1.0"));
    } else if (to == null) {
      Version given = wanted.from();
      to = given == null ? Planner.currentVersion(ports.driver().observe()) : given;
    }
    Version target = to;
    String named = wanted.backup();
    Backup backup;
    if (named != null) {
      backup = choice.named(named);
    } else if (wanted.back() && before.filter(target::equals).isPresent()) {
      backup = choice.of(undone.orElseThrow().id());
    } else {
      backup =
          (wanted.back() ? choice.newestOf(target) : Optional.<Backup>empty())
              .orElseGet(choice::newest);
    }
    return new Planner.Request(
        Plan.Kind.ROLLBACK, target, wanted.digest(), wanted.from(), wanted.accept(), backup);
  }

  private RunResult handOver(RunRecord record, Plan plan) {
    ports.events().setRun(record.id());
    try (Lock lock = lockWhenFree(record.id())) {
      awaitOrphans(record.id());
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.RESUME)
          .handOver();
    }
  }

  /**
   * Removes databases that earlier restores kept.
   *
   * @return the names of those that were removed
   * @throws DeployException.Blocked if an interrupted run may still need one
   * @throws DeployException.Locked if a run is at work on the gateway
   */
  public List<String> dropKept(List<Restorer.Kept> databases) {
    refuseWhileAtWork();
    journal
        .unfinished(settings.gateway())
        .ifPresent(
            record -> {
              throw comesFirst(record);
            });
    try (Lock lock = lock(RunId.create(now(), random))) {
      for (Restorer.Kept database : databases) {
        lock.ensureHeld();
        ports.restorer().drop(database);
      }
    }
    return databases.stream().map(Restorer.Kept::name).toList();
  }

  /** The answer of {@code resume} where there is nothing to do. */
  public RunResult nothingInterrupted() {
    Instant now = now();
    return RunResult.withoutRun(
        ExitCode.DONE,
        "resume",
        settings.gateway(),
        Problem.of("no run of '" + settings.gateway() + "' was interrupted", ""),
        now);
  }

  private RunResult begin(Plan plan) {
    refuseBlocked(plan.blocks());
    RunId id = RunId.create(now(), random);
    ports.events().setRun(id);
    try (Lock lock = lock(id)) {
      RunRecord record =
          new RunRecord(id, settings.gateway(), command(plan), plan, now(), null, null);
      journal.begin(record);
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.BEGIN)
          .execute(null);
    }
  }

  /**
   * Finishes or undoes an interrupted run.
   *
   * @param run which one; null for the newest of this gateway
   * @param undo whether to undo it although it could be finished
   * @return how it ended, or empty when there is nothing to resume
   * @throws DeployException.Usage if the run is not known or has ended
   * @throws DeployException.Locked if the run is still at work elsewhere
   */
  public Optional<RunResult> resume(@Nullable RunId run, boolean undo) {
    if (run != null) {
      RunRecord record =
          journal
              .find(run)
              .orElseThrow(
                  () ->
                      new DeployException.Usage(
                          "the journal has no run " + run, "list the runs it has with 'runs'"));
      if (record.outcome().map(Engine::isEnd).orElse(false)) {
        throw new DeployException.Usage(
            "run " + run + " has ended: " + record.outcome().orElseThrow().message(),
            "there is nothing to resume; see 'status'");
      }
      return Optional.of(takeUp(record, undo));
    }
    Optional<RunRecord> unfinished = journal.unfinished(settings.gateway());
    if (unfinished.isPresent()) {
      return Optional.of(takeUp(unfinished.get(), undo));
    }
    return ports.driver().findMark().map(mark -> recover(mark, undo));
  }

  /**
   * Takes and proves a backup as a run of its own.
   *
   * @param retention which earlier ones to keep afterwards; null to keep all
   * @throws DeployException.Blocked if none could be taken
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  public RunResult backup(@Nullable Retention retention) {
    refuseBlocked(List.of(ports.backup().preflight(), ports.proving().preflight(false)));
    RunId id = RunId.create(now(), random);
    ports.events().setRun(id);
    try (Lock lock = lock(id)) {
      RunRecord record = new RunRecord(id, settings.gateway(), "backup", null, now(), null, null);
      journal.begin(record);
      return new BackupRun(settings, ports, journal, record, lock, retention).execute();
    }
  }

  /**
   * Removes the backups that are not kept.
   *
   * @return what was removed, oldest first
   * @throws DeployException.StepFailed if one cannot be removed
   * @throws DeployException.Locked if a run is at work on the gateway
   */
  public List<Backup> prune(Retention retention) {
    try (Lock lock = lock(RunId.create(now(), random))) {
      lock.ensureHeld();
      return new Pruning(ports, journal, settings.gateway()).prune(retention, now());
    }
  }

  /** A run that is at work has not ended either, but it was not interrupted. */
  private void refuseWhileAtWork() {
    journal
        .holder(settings.gateway())
        .ifPresent(
            holder -> {
              throw holder.refusal(settings.gateway());
            });
  }

  private Optional<RunResult> takeUpInstead(Plan.Kind kind, Version to) {
    refuseWhileAtWork();
    Optional<RunRecord> unfinished = journal.unfinished(settings.gateway());
    if (unfinished.isEmpty()) {
      return Optional.empty();
    }
    RunRecord record = unfinished.get();
    Plan other = record.plan();
    if (other == null
        || other.kind() != kind
        || !other.to().equals(to)
        || other.restores() != null) {
      throw comesFirst(record);
    }
    return Optional.of(takeUpSame(record));
  }

  private RunResult takeUpSame(RunRecord record) {
    ports
        .events()
        .emit(
            new Event.Notice(
                "taking up run " + record.id() + ", which wanted the same and was interrupted"));
    return takeUp(record, false);
  }

  private static DeployException.Blocked comesFirst(RunRecord record) {
    return new DeployException.Blocked(
        Problem.of(
            "run " + record.id() + " (" + describe(record) + ") was interrupted and comes first",
            "run 'resume' to finish it, or 'resume --undo' to undo it"));
  }

  private RunResult nothingToDo(Plan plan) {
    Instant now = now();
    return new RunResult(
        ExitCode.DONE,
        null,
        command(plan),
        plan.gateway(),
        plan.from().tag(),
        plan.to().tag(),
        plan.from().tag(),
        "'" + plan.gateway() + "' runs " + plan.to() + " already; nothing was changed",
        null,
        List.of(),
        false,
        null,
        null,
        null,
        null,
        plan.gates(),
        List.of(),
        List.of(),
        plan.hash(),
        now,
        now);
  }

  private RunResult takeUp(RunRecord record, boolean undo) {
    ports.events().setRun(record.id());
    try (Lock lock = lockWhenFree(record.id())) {
      awaitOrphans(record.id());
      Plan plan = record.plan();
      if (plan == null) {
        return new BackupRun(settings, ports, journal, record, lock, null).execute();
      }
      String undoing = record.undoing();
      if (undoing == null && undo) {
        undoing = "was interrupted and is undone as asked";
      }
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.RESUME)
          .execute(undoing);
    }
  }

  /**
   * Without the journal there is only the mark, which holds the plan, and what the platform shows.
   */
  private RunResult recover(Mark mark, boolean undo) {
    Plan plan = ports.json().readPlan(mark.plan(), "the mark on the platform");
    ports.events().setRun(mark.run());
    ports
        .events()
        .emit(
            new Event.Notice(
                "this journal does not know run "
                    + mark.run()
                    + ", begun "
                    + mark.startedAt()
                    + " by "
                    + mark.owner()
                    + "; going by its mark on the platform"));
    try (Lock lock = lockWhenFree(mark.run())) {
      awaitOrphans(mark.run());
      RunRecord record =
          new RunRecord(
              mark.run(), settings.gateway(), command(plan), plan, mark.startedAt(), null, null);
      if (journal.find(mark.run()).isEmpty()) {
        journal.begin(record);
      }
      boolean arrived =
          !undo
              && runsTarget(plan)
              && (plan.restores() == null || ports.restorer().switched(mark.run()));
      Course course = arrived ? Course.VERIFY_ONLY : Course.UNDO_UNKNOWN;
      String undoing =
          arrived ? null : "was interrupted and its journal is not at hand, so it is undone";
      return new RunExecution(settings, ports, journal, record, plan, lock, course)
          .execute(undoing);
    }
  }

  private boolean runsTarget(Plan plan) {
    Observation observation = ports.driver().observe();
    Optional<String> image = ports.driver().resolve(plan.toReference());
    return observation.reference().equals(plan.toReference())
        && !observation.instances().isEmpty()
        && image.isPresent()
        && observation.instances().stream()
            .allMatch(i -> i.image().equals(image.get()) && i.state() != Instance.State.STOPPED);
  }

  private static void refuseBlocked(List<Gate> gates) {
    List<Gate> blocks = gates.stream().filter(gate -> gate.result() == Gate.Result.BLOCK).toList();
    if (blocks.isEmpty()) {
      return;
    }
    Gate first = blocks.get(0);
    throw new DeployException.Blocked(
        new Problem(
            "gate '" + first.name() + "' blocks: " + first.evidence(),
            String.valueOf(first.next()),
            blocks.stream()
                .skip(1)
                .map(gate -> "gate '" + gate.name() + "' blocks too: " + gate.evidence())
                .toList()));
  }

  private Lock lock(RunId run) {
    return Lock.acquire(
        journal,
        settings.gateway(),
        run,
        settings.lease(),
        ports.events(),
        ports.waits().cancellation());
  }

  /** The killed run's own lease may still have some seconds to go. */
  private Lock lockWhenFree(RunId run) {
    DeployException.Locked[] last = new DeployException.Locked[1];
    return ports
        .waits()
        .until(
            "the interrupted run's lock to run out",
            settings.lease().plusSeconds(1),
            LOCK_POLL,
            new Waits.Wakeup(),
            () -> {
              try {
                return Optional.of(lock(run));
              } catch (DeployException.Locked e) {
                last[0] = e;
                return Optional.<Lock>empty();
              }
            })
        .orElseThrow(() -> last[0]);
  }

  private void awaitOrphans(RunId run) {
    new OrphanedCommands(ports.waits()).await(run, settings.migrateTimeout());
  }

  private static boolean isEnd(RunResult result) {
    return result.outcome() != ExitCode.FAILED && result.outcome() != ExitCode.INTERRUPTED;
  }

  private static String describe(RunRecord record) {
    Plan plan = record.plan();
    return plan == null ? record.command() : record.command() + " to " + plan.to();
  }

  private static String command(Plan plan) {
    boolean databaseAlone = plan.restores() != null && plan.from().equals(plan.to());
    return databaseAlone ? "restore" : plan.kind().name().toLowerCase(Locale.ROOT);
  }

  private Instant now() {
    return ports.waits().clock().instant();
  }
}
