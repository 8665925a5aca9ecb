package io.rackgateway.deploy.backup.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Takes an export into an empty database that this machine reaches. */
final class Loading {

  private static final String RELATIONS =
      """
      SELECT count(*) FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND d.deptype = 'e')
      """;

  private final Commands commands;
  private final Duration timeout;

  Loading(Commands commands, Duration timeout) {
    this.commands = commands;
    this.timeout = timeout;
  }

  void load(Path dump, PostgresUrl into) {
    requireEmpty(into);
    boolean custom = dump.getFileName().toString().equals(ExportFolder.CUSTOM);
    Command command =
        custom
            ? Command.of(
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                "--no-acl",
                "--no-password",
                "--dbname=" + into.database(),
                dump.toString())
            : Command.of(
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--output=/dev/null",
                "--no-password",
                "--single-transaction",
                "--set=ON_ERROR_STOP=on",
                "--file=" + dump);
    CommandResult result =
        commands.run(
            command.withEnvironment(into.environment()).withTimeout(timeout).asInterruptible());
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the export "
                  + dump
                  + " could not be taken into "
                  + into.display()
                  + ": "
                  + result.reason(),
              "mend what it says (an extension, an older server or client), then run the same"
                  + " command again",
              result.tail()));
    }
  }

  private static void requireEmpty(PostgresUrl into) {
    try (Connection connection = new PostgresConnector(into, Duration.ofSeconds(30)).connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(RELATIONS)) {
      row.next();
      if (row.getLong(1) > 0) {
        throw new DeployException.StepFailed(
            into.display() + " is not empty: it holds " + row.getLong(1) + " tables and the like",
            "restore into a new, empty database");
      }
    } catch (SQLException e) {
      throw new DeployException.StepFailed(
          Problem.of(PostgresFailure.describe(into, e), "check that database, then try again"), e);
    }
  }
}
