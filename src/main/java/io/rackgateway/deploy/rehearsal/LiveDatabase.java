package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.scratch.Need;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The gateway's own database, asked little and read-only. */
public final class LiveDatabase {

  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

  private static final String SERVER =
      "SELECT current_setting('server_version_num')::int / 10000,"
          + " pg_catalog.pg_database_size(current_database())";

  private final PostgresConnector connector;

  public LiveDatabase(PostgresUrl url) {
    this.connector = new PostgresConnector(url, STATEMENT_TIMEOUT);
  }

  /** What a copy of it needs, and whether that could be found out. */
  record Known(Need need, String unknown) {}

  /** What a copy needs; with the reason where the database does not tell. */
  Known known() {
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement()) {
      int major;
      long bytes;
      try (ResultSet row = statement.executeQuery(SERVER)) {
        row.next();
        major = row.getInt(1);
        bytes = row.getLong(2);
      }
      return new Known(
          new Need(
              major,
              bytes,
              list(statement, "SELECT extname FROM pg_catalog.pg_extension ORDER BY 1"),
              list(statement, "SELECT rolname FROM pg_catalog.pg_roles ORDER BY 1")),
          "");
    } catch (SQLException e) {
      return new Known(
          new Need(0, 0, List.of(), List.of()), PostgresFailure.describe(connector.url(), e));
    }
  }

  /** Tables of users, by qualified name; for comparing where a backup does not know its facts. */
  List<String> tables() throws SQLException {
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement()) {
      return list(
          statement,
          "SELECT pg_catalog.quote_ident(schemaname) || '.' || pg_catalog.quote_ident(tablename)"
              + " FROM pg_catalog.pg_tables WHERE schemaname <> 'information_schema' AND"
              + " schemaname NOT LIKE 'pg\\_%' ORDER BY 1");
    }
  }

  /** Whether the audit log holds an event with this hash. */
  boolean holdsAuditHash(String hash) throws SQLException {
    try (Connection connection = connector.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT 1 FROM audit.audit_event WHERE event_hash = decode(?, 'hex') LIMIT 1")) {
      statement.setString(1, hash);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static List<String> list(Statement statement, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
