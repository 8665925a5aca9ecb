package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig;
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

/** Restores one archive, which was compared with its checksums, into an empty database. */
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

  void from(Path data, Optional<DatabaseFacts> facts, boolean unowned) throws IOException {
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
        restore(data, unowned, jobs(), List.of());
        return;
      }
      Path schemas = Files.write(scratch.resolve("schemas"), listing.schemas());
      Path others = Files.write(scratch.resolve("others"), listing.others());
      List<String> lent = target.lend(listing.schemas());
      try {
        // Whoever is to own something in a schema has to be allowed to make it there, before.
        restore(data, unowned, 1, List.of("--use-list=" + schemas));
        restore(data, unowned, jobs(), List.of("--use-list=" + others));
      } finally {
        target.takeBack(lent);
      }
      target.analyze();
    } finally {
      Tree.delete(scratch);
    }
  }

  /** One more than dumping: restoring ends with building indexes, which wait for little else. */
  private int jobs() {
    return config.jobs() + 1;
  }

  private void restore(Path data, boolean unowned, int jobs, List<String> more) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(
            "pg_restore",
            "--jobs=" + jobs,
            "--exit-on-error",
            "--no-password",
            // A word with an equals sign would be taken for a connection string.
            "--dbname=" + ConnectionString.ofDatabase(into.database())));
    if (unowned) {
      words.addAll(List.of("--no-owner", "--no-privileges"));
    }
    words.addAll(more);
    words.add(data.toString());
    CommandResult result = programs.run(words, into, SETTINGS, line -> {}, new Cancellation());
    if (!result.succeeded()) {
      throw failures.of(result);
    }
    if (result.tail().stream().anyMatch(line -> line.contains("errors ignored on restore"))) {
      throw new DeployException.StepFailed(
          "pg_restore passed over errors while restoring into " + into.display(),
          "drop that database, and restore anew");
    }
  }
}
