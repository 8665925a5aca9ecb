package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.restore.Restorer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Chooses what a restore of the database begins with, and what comes before it. */
final class DatabaseRestores {

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final Locks locks;
  private final Launching launching;
  private final WayBack wayBack;

  DatabaseRestores(
      Settings settings,
      Ports ports,
      Journal journal,
      Locks locks,
      Launching launching,
      WayBack wayBack) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.locks = locks;
    this.launching = launching;
    this.wayBack = wayBack;
  }

  /** See {@link Engine#restore}. */
  RunResult restore(Planner planner, RestoreRequest wanted) {
    locks.refuseWhileAtWork();
    Optional<RunRecord> unfinished = journal.unfinished(settings.gateway());
    Plan other = unfinished.map(RunRecord::plan).orElse(null);
    if (unfinished.isPresent()) {
      RunRecord record = unfinished.get();
      String restores = other == null ? null : other.restores();
      if (restores != null && (wanted.backup() == null || restores.equals(wanted.backup()))) {
        return launching.takeUpSame(record);
      }
      boolean upgrade = other != null && other.kind() == Plan.Kind.UPGRADE;
      if (!upgrade || !wanted.back()) {
        throw Launching.comesFirst(record);
      }
    }
    Planner.Request request = restoring(wanted, unfinished);
    Launching.refuseBlocked(
        List.of(ports.restorer().preflight(Objects.requireNonNull(request.restore()))));
    if (unfinished.isPresent()) {
      RunResult handed = launching.handOver(unfinished.get(), Objects.requireNonNull(other));
      if (handed.outcome() != ExitCode.UNDONE) {
        return handed;
      }
    }
    return launching.begin(planner.planToRun(request));
  }

  private Planner.Request restoring(RestoreRequest wanted, Optional<RunRecord> unfinished) {
    BackupChoice choice = new BackupChoice(ports.backup(), journal, settings.gateway());
    Optional<RunRecord> undone = unfinished.isPresent() ? unfinished : wayBack.upgradeBefore();
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
        Plan.Kind.ROLLBACK,
        target,
        wanted.digest(),
        wanted.from(),
        wanted.accept(),
        backup,
        List.of());
  }

  /** See {@link Engine#dropKept}. */
  List<String> drop(List<Restorer.Kept> databases, RunId run) {
    locks.refuseWhileAtWork();
    journal
        .unfinished(settings.gateway())
        .ifPresent(
            record -> {
              throw Launching.comesFirst(record);
            });
    try (Lock lock = locks.take(run)) {
      for (Restorer.Kept database : databases) {
        lock.ensureHeld();
        ports.restorer().drop(database);
      }
    }
    return databases.stream().map(Restorer.Kept::name).toList();
  }
}
