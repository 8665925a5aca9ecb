package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Rehearsal.MigrationRun;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.time.Cancellation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Runs migrations on a copy, under Flyway. The gateway's files are not named as Flyway's are and
 * are recorded in a table of its own, so they are handed over one by one, in lexical order, on a
 * database without a history.
 */
final class Migrator {

  /** Flyway's own history; it goes away again. */
  static final String HISTORY = "rack_gateway_deploy_rehearsal";

  private final PostgresUrl url;
  private final Cancellation cancellation;

  Migrator(PostgresUrl url, Cancellation cancellation) {
    this.url = url;
    this.cancellation = cancellation;
  }

  /** Those of a release that the copy does not hold, in lexical order. */
  List<MigrationFile> pending(List<MigrationFile> release) {
    Set<String> applied = new Interruptible(cancellation).on(url, Migrator::applied);
    return release.stream()
        .filter(file -> !applied.contains(file.version()))
        .sorted(Comparator.comparing(MigrationFile::version))
        .toList();
  }

  private static Set<String> applied(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS public.schema_migrations (version TEXT PRIMARY KEY,"
              + " applied_at TIMESTAMPTZ)");
      Set<String> applied = new HashSet<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT version FROM public.schema_migrations")) {
        while (rows.next()) {
          applied.add(rows.getString(1));
        }
      }
      return applied;
    }
  }

  /**
   * Runs them.
   *
   * @return those that ran; the last of them has a failure where one failed
   * @throws DeployException.StepFailed if the copy does not answer
   * @throws DeployException.Cancelled if the run was cancelled meanwhile
   */
  List<MigrationRun> run(List<MigrationFile> files) {
    cancellation.throwIfPending();
    DatabaseSize size = new DatabaseSize();
    List<MigrationTrial> trials =
        files.stream().map(file -> new MigrationTrial(file, size)).toList();
    List<Connection> open = new ArrayList<>();
    Cancellation.Registration registration =
        cancellation.onRequest(
            () -> {
              synchronized (open) {
                open.forEach(Interruptible::abort);
              }
            });
    try {
      Flyway.configure()
          .dataSource(new CopyDataSource(url, open))
          .locations(new String[0])
          .javaMigrations(trials.toArray(JavaMigration[]::new))
          .table(HISTORY)
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .validateOnMigrate(false)
          .skipDefaultCallbacks(true)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      cancellation.throwIfPending();
      if (trials.stream().noneMatch(Migrator::failed)) {
        throw new DeployException.StepFailed(
            Problem.of(
                "the migrations could not be run on the restored copy: " + firstLine(e),
                "see why the scratch server stopped, then run the same command again"),
            e);
      }
    } finally {
      registration.close();
    }
    return trials.stream().map(MigrationTrial::result).filter(Objects::nonNull).toList();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static boolean failed(MigrationTrial trial) {
    MigrationRun result = trial.result();
    return result != null && result.failure() != null;
  }
}
