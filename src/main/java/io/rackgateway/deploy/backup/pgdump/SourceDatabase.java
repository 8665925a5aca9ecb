package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What has to be known of the database before it is dumped. */
final class SourceDatabase {

  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

  /** What users made: neither PostgreSQL's own nor what extensions bring along and restore. */
  private static final String USER_RELATIONS =
      """
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'S')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND d.deptype = 'e')
      """;

  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int / 10000,
             split_part(current_setting('server_version'), ' ', 1),
             pg_catalog.pg_database_size(current_database())
      """;

  private static final String UNREADABLE =
      "SELECT n.nspname || '.' || c.relname "
          + USER_RELATIONS
          + """
              AND (NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                OR NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
                OR c.relkind <> 'S' AND pg_catalog.row_security_active(c.oid))
              ORDER BY 1
            """;

  private final PostgresConnector connector;

  SourceDatabase(PostgresUrl url) {
    this.connector = new PostgresConnector(url, STATEMENT_TIMEOUT);
  }

  /**
   * @param major the server's major version
   * @param version the server's version as it tells it
   * @param bytes the size of the database's files
   * @param unreadable tables and sequences that the user may not dump, or whose rows row-level
   *     security would hide
   */
  record Facts(int major, String version, long bytes, List<String> unreadable) {
    Facts {
      unreadable = List.copyOf(unreadable);
    }
  }

  Facts facts() throws SQLException {
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement()) {
      List<String> unreadable = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(UNREADABLE)) {
        while (rows.next()) {
          unreadable.add(rows.getString(1));
        }
      }
      try (ResultSet row = statement.executeQuery(FACTS)) {
        row.next();
        return new Facts(row.getInt(1), row.getString(2), row.getLong(3), unreadable);
      }
    }
  }
}
