package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.migration.lint.SqlStatements;
import io.rackgateway.deploy.migration.lint.SqlStatements.SqlStatement;
import io.rackgateway.deploy.model.Rehearsal.HeldLock;
import io.rackgateway.deploy.model.Rehearsal.MigrationFailure;
import io.rackgateway.deploy.model.Rehearsal.MigrationRun;
import io.rackgateway.deploy.model.Rehearsal.TableChange;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * One of the gateway's migration files as Flyway runs it: in one transaction, as the gateway does,
 * with its version recorded in {@code schema_migrations} in the same one. What it does is measured
 * from within.
 */
final class MigrationTrial implements JavaMigration {

  private static final String RECORD =
      "INSERT INTO public.schema_migrations (version, applied_at) VALUES (?, now())"
          + " ON CONFLICT DO NOTHING";

  private final MigrationFile file;
  private final DatabaseSize size;
  private @Nullable MigrationRun result;

  MigrationTrial(MigrationFile file, DatabaseSize size) {
    this.file = file;
    this.size = size;
  }

  /** What was measured; null when it never began. */
  @Nullable MigrationRun result() {
    return result;
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion(file.version());
  }

  @Override
  public String getDescription() {
    return file.path().substring(file.path().lastIndexOf('/') + 1);
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  /** Also where Flyway would not: what the gateway cannot run in a transaction has to fail here. */
  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    long before = size.now(connection);
    Map<Long, TableState> tables = TableState.all(connection);
    Locks locks = new Locks(tables);
    long start = System.nanoTime();
    MigrationFailure failure = run(connection, locks);
    long end = System.nanoTime();
    Duration duration = Duration.ofNanos(end - start);
    if (failure != null) {
      // The transaction is broken: nothing more can be asked in it.
      result = run(duration, List.of(), locks.held(end), before, before, failure);
      throw new SQLException(failure.message(), failure.sqlState());
    }
    result =
        run(
            duration,
            TableState.changes(connection, tables),
            locks.held(end),
            before,
            size.now(connection),
            null);
  }

  private MigrationRun run(
      Duration duration,
      List<TableChange> changes,
      List<HeldLock> locks,
      long before,
      long after,
      @Nullable MigrationFailure failure) {
    return new MigrationRun(
        file.version(), file.path(), duration, changes, locks, before, after, failure);
  }

  private @Nullable MigrationFailure run(Connection connection, Locks locks) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (SqlStatement each : SqlStatements.of(file.sql())) {
        long began = System.nanoTime();
        try {
          statement.execute(each.text());
        } catch (SQLException e) {
          return failure(each, e);
        }
        locks.look(connection, began);
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
      statement.setString(1, file.version());
      statement.executeUpdate();
    }
    return null;
  }

  private static MigrationFailure failure(SqlStatement statement, SQLException e) {
    ServerErrorMessage server =
        e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    int line = statement.line();
    String message = String.valueOf(e.getMessage());
    if (server != null) {
      String main = String.valueOf(server.getMessage());
      String detail = server.getDetail();
      message = detail == null ? main : main + " (" + detail + ")";
      int position = Math.min(server.getPosition(), statement.text().length());
      line += (int) statement.text().substring(0, Math.max(0, position)).lines().count();
      line -= position > 0 ? 1 : 0;
    }
    return new MigrationFailure(
        line, statement.beginning(), String.valueOf(e.getSQLState()), oneLine(message));
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
