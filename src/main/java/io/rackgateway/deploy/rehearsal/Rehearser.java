package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.config.BackupConfig.RehearsalConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.Rehearsal.MigrationFailure;
import io.rackgateway.deploy.model.Rehearsal.MigrationRun;
import io.rackgateway.deploy.model.Rehearsal.SmokeRun;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.Targets;
import io.rackgateway.deploy.time.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a release's migrations on a copy, and judges how that went. */
final class Rehearser {

  private final String gateway;
  private final @Nullable ReleaseSource releases;
  private final RehearsalConfig config;
  private final Cancellation cancellation;
  private final Interruptible interruptible;

  /**
   * @param releases null where the configuration says that they are not looked up
   */
  Rehearser(
      String gateway,
      @Nullable ReleaseSource releases,
      RehearsalConfig config,
      Cancellation cancellation) {
    this.gateway = gateway;
    this.releases = releases;
    this.config = config;
    this.cancellation = cancellation;
    this.interruptible = new Interruptible(cancellation);
  }

  /** Why no migrations can be found, if so. */
  @Nullable Problem obstacle() {
    return releases == null
        ? Problem.of(
            "which migrations a release brings is not looked up: the configuration says"
                + " releases.none",
            "configure releases.github or releases.file, or set backup.prove: restored")
        : null;
  }

  /**
   * The migrations that a release brings along.
   *
   * @throws DeployException.Blocked if its source cannot be read
   */
  List<MigrationFile> migrations(Version to) {
    ReleaseSource source = releases;
    Problem obstacle = obstacle();
    if (source == null || obstacle != null) {
      throw new DeployException.Usage(
          obstacle == null ? Problem.of("no releases", "configure releases") : obstacle);
    }
    String tag = new Targets(source.releases(), true).released(to).tag();
    return source.files(tag).migrations();
  }

  /**
   * Migrates the copy and asks it what the version before would.
   *
   * @param breaking whether queries of the version before may fail, which is then a warning
   * @throws DeployException.StepFailed if the copy does not answer
   * @throws DeployException.Cancelled if the run was cancelled meanwhile
   */
  Rehearsal rehearse(Copy copy, Version to, List<MigrationFile> release, boolean breaking) {
    Migrator migrator = new Migrator(copy.url(), cancellation);
    List<MigrationFile> pending = migrator.pending(release);
    SmokeQueries queries =
        interruptible.on(copy.url(), connection -> SmokeQueries.before(connection, config));
    List<MigrationRun> runs = migrator.run(pending);
    List<SmokeRun> smoke =
        runs.stream().anyMatch(run -> run.failure() != null)
            ? List.of()
            : interruptible.on(copy.url(), queries::run);
    String failure = failure(runs);
    String broken = broken(smoke);
    List<String> warnings = warnings(runs);
    if (breaking && broken != null) {
      warnings.add(broken + ", as was accepted");
    }
    return new Rehearsal(
        gateway,
        copy.backup(),
        to.tag(),
        copy.where(),
        copy.took(),
        runs,
        smoke,
        warnings,
        failure == null && !breaking ? broken : failure);
  }

  private List<String> warnings(List<MigrationRun> runs) {
    List<String> warnings = new ArrayList<>();
    for (MigrationRun run : runs) {
      for (Rehearsal.HeldLock lock : run.locks()) {
        if (lock.held().compareTo(config.longestLock()) > 0) {
          warnings.add(
              "migration "
                  + run.version()
                  + " keeps "
                  + lock.keepsOut()
                  + " from "
                  + lock.table()
                  + " for "
                  + lock.held().toMillis()
                  + " ms ("
                  + lock.mode()
                  + "), longer than backup.rehearsal.longestLock");
        }
      }
    }
    return warnings;
  }

  private static @Nullable String failure(List<MigrationRun> runs) {
    for (MigrationRun run : runs) {
      MigrationFailure failure = run.failure();
      if (failure != null) {
        return "migration "
            + run.file().substring(run.file().lastIndexOf('/') + 1)
            + " fails in line "
            + failure.line()
            + ": "
            + failure.message()
            + " (SQLSTATE "
            + failure.sqlState()
            + ") in: "
            + failure.statement();
      }
    }
    return null;
  }

  private static @Nullable String broken(List<SmokeRun> smoke) {
    List<SmokeRun> broken = smoke.stream().filter(query -> query.problem() != null).toList();
    if (broken.isEmpty()) {
      return null;
    }
    return "the version before cannot work with the new schema: '"
        + broken.get(0).name()
        + "' fails: "
        + broken.get(0).problem()
        + (broken.size() > 1 ? " (and " + (broken.size() - 1) + " more)" : "");
  }

  /** What failed, as lines. */
  static List<String> details(Rehearsal rehearsal) {
    List<String> details = new ArrayList<>();
    rehearsal.smoke().stream()
        .filter(query -> query.problem() != null)
        .forEach(query -> details.add(query.name() + ": " + query.problem()));
    details.addAll(rehearsal.warnings());
    return details;
  }
}
