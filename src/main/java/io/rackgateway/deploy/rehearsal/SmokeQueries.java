package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.config.BackupConfig.RehearsalConfig;
import io.rackgateway.deploy.migration.lint.SqlStatements;
import io.rackgateway.deploy.migration.lint.SqlStatements.SqlStatement;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Rehearsal.SmokeRun;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the version before asks of the database. The built-in queries read every column that it
 * knows of every table and view; for every table it must also be able to write a row, for which a
 * new column may not be required.
 */
final class SmokeQueries {

  private static final int SECONDS = 60;

  private static final String COLUMNS =
      "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),"
          + " pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT"
          + " a.attisdropped WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname <>"
          + " 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT 1 FROM"
          + " pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid"
          + " = c.oid AND d.deptype = 'e') GROUP BY 1 ORDER BY 1";

  private static final String REQUIRED =
      "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),"
          + " pg_catalog.quote_ident(a.attname)"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT"
          + " a.attisdropped WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema'"
          + " AND n.nspname NOT LIKE 'pg\\_%' AND a.attnotnull AND NOT a.atthasdef AND"
          + " a.attidentity = '' ORDER BY 1, 2";

  private final Map<String, String> queries;
  private final List<Required> required;

  /** A column without which no row can be written. */
  private record Required(String table, String name) {}

  private SmokeQueries(Map<String, String> queries, List<Required> required) {
    this.queries = queries;
    this.required = required;
  }

  /**
   * The queries for the schema as it is before the migrations.
   *
   * @throws DeployException.Usage if one of the configuration's cannot be read, or fails already
   *     now
   */
  static SmokeQueries before(Connection connection, RehearsalConfig config) throws SQLException {
    Map<String, String> queries = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        queries.put(
            "read " + rows.getString(1),
            "SELECT " + rows.getString(2) + " FROM " + rows.getString(1) + " LIMIT 1");
      }
    }
    Map<String, String> configured = configured(config);
    for (Map.Entry<String, String> query : configured.entrySet()) {
      SmokeRun now = run(connection, query.getKey(), query.getValue());
      if (now.problem() != null) {
        throw new DeployException.Usage(
            "the smoke query '" + query.getKey() + "' fails before any migration: " + now.problem(),
            "correct it in backup.rehearsal.smoke or smokeFile");
      }
    }
    queries.putAll(configured);
    return new SmokeQueries(queries, required(connection));
  }

  private static Map<String, String> configured(RehearsalConfig config) {
    Map<String, String> queries = new LinkedHashMap<>();
    for (String sql : config.smoke()) {
      queries.put(new SqlStatement(1, sql).beginning(), sql);
    }
    Path file = config.smokeFile();
    if (file != null) {
      try {
        for (SqlStatement statement : SqlStatements.of(Files.readString(file))) {
          queries.put(
              file.getFileName() + ":" + statement.line() + " " + statement.beginning(),
              statement.text());
        }
      } catch (IOException e) {
        throw new DeployException.Usage(
            "the smoke queries cannot be read: " + IoFailure.describe(e),
            "let backup.rehearsal.smokeFile name a file that this user may read");
      }
    }
    return queries;
  }

  /** Runs them on the schema as it is now, each in a transaction that is rolled back. */
  List<SmokeRun> run(Connection connection) throws SQLException {
    List<SmokeRun> runs = new ArrayList<>();
    for (Map.Entry<String, String> query : queries.entrySet()) {
      runs.add(run(connection, query.getKey(), query.getValue()));
    }
    long start = System.nanoTime();
    List<Required> now = new ArrayList<>(required(connection));
    now.removeAll(required);
    for (Required column : now) {
      if (queries.containsKey("read " + column.table())) {
        runs.add(
            new SmokeRun(
                "write " + column.table(),
                Waits.since(start),
                "column "
                    + column.name()
                    + " is required and has no default, and the version before does not know it"));
      }
    }
    return runs;
  }

  private static List<Required> required(Connection connection) throws SQLException {
    List<Required> required = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(REQUIRED)) {
      while (rows.next()) {
        required.add(new Required(rows.getString(1), rows.getString(2)));
      }
    }
    return required;
  }

  private static SmokeRun run(Connection connection, String name, String sql) throws SQLException {
    long start = System.nanoTime();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setQueryTimeout(SECONDS);
      statement.setFetchSize(100);
      statement.execute(sql);
      return new SmokeRun(name, Waits.since(start), null);
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      return new SmokeRun(
          name,
          Waits.since(start),
          String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; "));
    } finally {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
