package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that takes and proves a backup and does nothing else. */
final class BackupRun {

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RunRecord record;
  private final @Nullable Retention retention;
  private final PhaseRunner phases;

  /**
   * @param retention which earlier backups to keep afterwards; null to keep all
   */
  BackupRun(
      Settings settings,
      Ports ports,
      Journal journal,
      RunRecord record,
      Lock lock,
      @Nullable Retention retention) {
    this.retention = retention;
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.record = record;
    this.phases =
        new PhaseRunner(record.id(), journal, lock, ports.events(), ports.waits().cancellation());
  }

  RunResult execute() {
    Observation observation = ports.driver().observe();
    Version version = observation.version();
    ports
        .events()
        .emit(
            new Event.RunStarted(
                record.command(),
                settings.gateway(),
                observation.platform(),
                tag(version),
                null,
                null,
                false));
    List<Backup> taken = new ArrayList<>();
    RunResult result;
    try {
      List<PlannedStep> steps = ports.backup().steps();
      if (steps.isEmpty()) {
        throw new DeployException.StepFailed(
            "the configuration says that no backup is needed (backup.none)",
            "configure backup.pgDump to take one");
      }
      phases.phase(
          Phase.BACKUP,
          () -> {
            steps.forEach(step -> take(step, version, taken));
            ports.proving().steps(false).forEach(step -> prove(step, taken));
          });
      result =
          result(
              ExitCode.DONE,
              version,
              prune("backed up '" + settings.gateway() + "' to " + taken.get(0).location()),
              taken.get(0));
    } catch (DeployException e) {
      ports.waits().cancellation().acknowledge();
      result =
          result(
              ExitCode.UNDONE,
              version,
              new Problem(
                  (taken.isEmpty()
                          ? "no backup was made: "
                          : "the backup "
                              + taken.get(0).location()
                              + " was taken, but not proven as asked: ")
                      + e.problem().summary(),
                  e instanceof DeployException.Cancelled
                      ? "run 'backup' again"
                      : e.problem().next(),
                  e.problem().details()),
              taken.isEmpty() ? null : taken.get(0));
    }
    journal.finish(record.id(), result);
    ports.events().emit(new Event.RunFinished(result));
    return result;
  }

  /** What is said in the end; a backup that could not be removed does not undo the new one. */
  private Problem prune(String done) {
    Retention kept = retention;
    if (kept == null) {
      return Problem.of(done, "");
    }
    List<Backup> removed = new ArrayList<>();
    try {
      phases.phase(
          Phase.BACKUP,
          () ->
              phases.effect(
                  new Effect(
                      Phase.BACKUP,
                      "prune",
                      "remove the backups that are not kept",
                      () ->
                          removed.addAll(
                              new Pruning(ports, journal, settings.gateway())
                                  .prune(kept, ports.waits().clock().instant())))));
    } catch (DeployException.StepFailed e) {
      return new Problem(
          done + "; an earlier one could not be removed: " + e.problem().summary(),
          e.problem().next(),
          e.problem().details());
    }
    return Problem.of(
        done
            + "; removed "
            + (removed.isEmpty() ? "none" : removed.size())
            + " of the earlier ones",
        "");
  }

  private void take(PlannedStep step, @Nullable Version version, List<Backup> taken) {
    phases.effect(
        new Effect(
            step.phase(),
            step.name(),
            step.description(),
            () -> {
              Backup backup =
                  ports
                      .backup()
                      .backup(new BackupProvider.Request(record.id(), settings.gateway(), version));
              journal.recordBackup(record.id(), backup);
              ports.events().emit(new Event.BackupTaken(backup));
              taken.add(backup);
            }));
  }

  private void prove(PlannedStep step, List<Backup> taken) {
    phases.effect(
        new Effect(
            step.phase(),
            step.name(),
            step.description(),
            () -> {
              Backup proven = ports.proving().prove(record.id(), taken.get(0), false);
              journal.recordBackup(record.id(), proven);
              taken.set(0, proven);
            }));
  }

  private RunResult result(
      ExitCode outcome, @Nullable Version version, Problem problem, @Nullable Backup backup) {
    return new RunResult(
        outcome,
        record.id().value(),
        record.command(),
        settings.gateway(),
        tag(version),
        null,
        tag(version),
        problem.summary(),
        problem.next().isEmpty() ? null : problem.next(),
        problem.details(),
        false,
        backup,
        null,
        null,
        null,
        List.of(),
        List.of(),
        phases.timings(),
        null,
        record.startedAt(),
        ports.waits().clock().instant(),
        null);
  }

  private static @Nullable String tag(@Nullable Version version) {
    return version == null ? null : version.tag();
  }
}
