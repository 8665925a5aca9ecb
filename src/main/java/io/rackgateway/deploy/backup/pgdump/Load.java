package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restores one backup into an empty database. The statistics of its tables are not in a dump:
 * PostgreSQL gathers them within a minute, which nobody has to wait for here.
 */
final class Load {

  /** A crash of the server meanwhile costs nothing but to begin anew. */
  private static final List<String> SETTINGS =
      List.of("synchronous_commit=off", "maintenance_work_mem=256MB", "statement_timeout=0");

  private final PgDumpConfig config;
  private final PostgresUrl into;
  private final PgPrograms programs;
  private final Cancellation cancellation;
  private final RestoreFailure failures;

  Load(PgDumpConfig config, PostgresUrl into, PgPrograms programs, Cancellation cancellation) {
    this.config = config;
    this.into = into;
    this.programs = programs;
    this.cancellation = cancellation;
    this.failures = new RestoreFailure(into);
  }

  /**
   * Files of rows are compared with their checksums while they are restored, everything that says
   * what to do with them before.
   */
  void from(BackupFolder folder, Backup backup, boolean unowned) throws IOException {
    folder.verifiedContents(backup);
    Cancellation stop = new Cancellation();
    Aside<Boolean> check =
        Aside.begin(
            "backup-check",
            () -> {
              try {
                return folder.verified().isPresent();
              } catch (IOException | RuntimeException e) {
                stop.request("the backup is damaged");
                throw e;
              }
            });
    try {
      restore(folder.data(), folder.facts(backup), unowned, stop);
    } catch (DeployException.StepFailed e) {
      // Damage explains whatever pg_restore made of it.
      check.result();
      throw e;
    } finally {
      check.finished();
    }
    check.result();
  }

  private void restore(Path data, Optional<DatabaseFacts> facts, boolean unowned, Cancellation stop)
      throws IOException {
    Listing listing =
        programs.listing(
            data,
            result -> {
              throw failures.of(result);
            });
    Path scratch = Files.createTempDirectory("rack-gateway-restore");
    try (TargetDatabase target = TargetDatabase.open(into, config.timeout(), cancellation)) {
      target.check(facts, unowned);
      if (unowned) {
        run(data, jobs(), List.of("--no-owner", "--no-privileges"), errors(target, stop), stop);
        return;
      }
      Path schemas = Files.write(scratch.resolve("schemas"), listing.schemas());
      Path others = Files.write(scratch.resolve("others"), listing.others());
      List<String> lent = target.lend(listing.schemas());
      try {
        // Whoever is to own something in a schema has to be allowed to make it there, before.
        // The server's warnings are among what pg_restore tells only when asked for more.
        run(data, 1, List.of("--use-list=" + schemas, "--verbose"), errors(target, stop), stop);
        run(data, jobs(), List.of("--use-list=" + others), errors(target, stop), stop);
      } finally {
        target.takeBack(lent);
      }
    } finally {
      Tree.delete(scratch);
    }
  }

  private RestoreErrors errors(TargetDatabase target, Cancellation stop) {
    return new RestoreErrors(programs.major("pg_restore"), target.major(), stop);
  }

  /** One more than dumping: restoring ends with building indexes, which wait for little else. */
  private int jobs() {
    return config.jobs() + 1;
  }

  private void run(
      Path data, int jobs, List<String> more, RestoreErrors errors, Cancellation stop) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            "pg_restore",
            "--jobs=" + jobs,
            "--no-password",
            // A bare name with an equals sign would be taken for a connection string.
            "--dbname=" + ConnectionString.ofDatabase(into.database())));
    if (!errors.lenient()) {
      words.add("--exit-on-error");
    }
    words.addAll(more);
    words.add(data.toString());
    CommandResult result = programs.run(words, into, SETTINGS, errors, stop);
    if (!errors.succeeded(result)) {
      throw failures.of(result);
    }
    errors
        .ungranted()
        .ifPresent(
            what -> {
              throw new DeployException.StepFailed(
                  "the backup's rights on '"
                      + what
                      + "' could not be granted in "
                      + into.display()
                      + ", because it does not belong to "
                      + into.user(),
                  "have it belong to "
                      + into.user()
                      + ": up to PostgreSQL 14, a superuser does that for the databases to come with"
                      + " 'ALTER SCHEMA public OWNER' in template1");
            });
  }
}
