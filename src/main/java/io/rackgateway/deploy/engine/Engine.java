package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.restore.Restorer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Begins runs, and takes up interrupted ones. */
public final class Engine {

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RandomGenerator random;
  private final Locks locks;
  private final Launching launching;
  private final DatabaseRestores restores;
  private final WayBack wayBack;

  public Engine(Settings settings, Ports ports, Journal journal, RandomGenerator random) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.random = random;
    this.locks = new Locks(settings, ports, journal);
    this.launching = new Launching(settings, ports, journal, locks, random);
    this.wayBack = new WayBack(settings, ports, journal);
    this.restores = new DatabaseRestores(settings, ports, journal, locks, launching, wayBack);
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
              Plan plan = planner.planToRun(wayBack.routed(request));
              return plan.arrived() ? nothingToDo(plan) : launching.begin(plan);
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
              return launching.begin(planner.refuseDrift(approved, accept));
            });
  }

  /**
   * Whether a run of this gateway was interrupted and waits to be finished or undone.
   *
   * @throws DeployException.Locked if a run is at work on the gateway
   */
  public boolean isInterrupted() {
    locks.refuseWhileAtWork();
    return journal.unfinished(settings.gateway()).isPresent();
  }

  /** The version that ran before the last upgrade that led to what runs now, if it is known. */
  public Optional<Version> versionBefore() {
    return wayBack.upgradeBefore().map(RunRecord::plan).map(Plan::from);
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
    return restores.restore(planner, wanted);
  }

  /**
   * Removes databases that earlier restores kept.
   *
   * @return the names of those that were removed
   * @throws DeployException.Blocked if an interrupted run may still need one
   * @throws DeployException.Locked if a run is at work on the gateway
   */
  public List<String> dropKept(List<Restorer.Kept> databases) {
    return restores.drop(databases, RunId.create(now(), random));
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
      return Optional.of(launching.takeUp(record, undo));
    }
    Optional<RunRecord> unfinished = journal.unfinished(settings.gateway());
    if (unfinished.isPresent()) {
      return Optional.of(launching.takeUp(unfinished.get(), undo));
    }
    return ports.driver().findMark().map(mark -> launching.recover(mark, undo));
  }

  /**
   * Takes and proves a backup as a run of its own.
   *
   * @param retention which earlier ones to keep afterwards; null to keep all
   * @throws DeployException.Blocked if none could be taken
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  public RunResult backup(@Nullable Retention retention) {
    Launching.refuseBlocked(List.of(ports.backup().preflight(), ports.proving().preflight(false)));
    RunId id = RunId.create(now(), random);
    ports.events().setRun(id);
    try (Lock lock = locks.take(id)) {
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
    try (Lock lock = locks.take(RunId.create(now(), random))) {
      lock.ensureHeld();
      return new Pruning(ports, journal, settings.gateway()).prune(retention, now());
    }
  }

  private Optional<RunResult> takeUpInstead(Plan.Kind kind, Version to) {
    locks.refuseWhileAtWork();
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
      throw Launching.comesFirst(record);
    }
    return Optional.of(launching.takeUpSame(record));
  }

  private RunResult nothingToDo(Plan plan) {
    Instant now = now();
    return new RunResult(
        ExitCode.DONE,
        null,
        Launching.command(plan),
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
        now,
        null);
  }

  private static boolean isEnd(RunResult result) {
    return result.outcome() != ExitCode.FAILED && result.outcome() != ExitCode.INTERRUPTED;
  }

  private Instant now() {
    return ports.waits().clock().instant();
  }
}
