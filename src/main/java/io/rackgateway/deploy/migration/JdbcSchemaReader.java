package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code public.schema_migrations}. A database without that table is not one that holds no
 * migrations: it is likely another database than the gateway's, so its state is unknown, with that
 * reason. A table without rows is known to hold none.
 */
public final class JdbcSchemaReader implements SchemaReader {

  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);
  private static final String UNDEFINED_TABLE = "42P01";

  private final PostgresConnector connector;

  public JdbcSchemaReader(PostgresUrl url) {
    this.connector = new PostgresConnector(url, STATEMENT_TIMEOUT);
  }

  @Override
  public SchemaState read() {
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT version FROM public.schema_migrations ORDER BY version COLLATE \"C\"")) {
      List<String> versions = new ArrayList<>();
      while (rows.next()) {
        versions.add(rows.getString(1));
      }
      return SchemaState.of(versions);
    } catch (SQLException e) {
      return SchemaState.unknown(
          UNDEFINED_TABLE.equals(e.getSQLState())
              ? connector.url().display() + ": it has no table public.schema_migrations"
              : PostgresFailure.describe(connector.url(), e));
    }
  }
}
