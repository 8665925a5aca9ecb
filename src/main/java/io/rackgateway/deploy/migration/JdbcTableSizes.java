package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Asks the server. Its estimate is taken where it is big enough; a table that was never analysed,
 * or is small by the estimate, is counted, but no further than matters. A partitioned table is the
 * sum of its partitions.
 */
public final class JdbcTableSizes implements TableSizes {

  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(3);

  /** The estimate is -1 where a table was never analysed (pg_class, since PostgreSQL 14). */
  private static final String ESTIMATE =
      """
      SELECT t.oid::regclass::text,
             (SELECT CASE WHEN min(c.reltuples) < 0 THEN -1 ELSE sum(c.reltuples) END
                FROM pg_class c
               WHERE c.oid = t.oid AND c.relkind <> 'p'
                  OR c.oid IN (SELECT p.relid FROM pg_partition_tree(t.oid) p WHERE p.isleaf))
        FROM (SELECT to_regclass(?) AS oid) t
       WHERE t.oid IS NOT NULL
      """;

  private final PostgresConnector connector;

  public JdbcTableSizes(PostgresUrl url) {
    this.connector = new PostgresConnector(url, STATEMENT_TIMEOUT);
  }

  @Override
  public Map<String, TableSize> of(Set<String> tables, long enough) {
    if (tables.isEmpty()) {
      return Map.of();
    }
    Map<String, TableSize> sizes = new HashMap<>();
    try (Connection connection = connector.connect()) {
      for (String table : tables) {
        sizes.put(table, size(connection, table, enough));
      }
    } catch (SQLException e) {
      TableSize unknown = TableSize.unknown(PostgresFailure.describe(connector.url(), e));
      tables.forEach(table -> sizes.putIfAbsent(table, unknown));
    }
    return sizes;
  }

  private TableSize size(Connection connection, String table, long enough) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ESTIMATE)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return TableSize.absent();
        }
        long estimate = row.getLong(2);
        return estimate >= enough
            ? TableSize.estimated(estimate)
            : count(connection, row.getString(1), enough);
      }
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      return TableSize.unknown(PostgresFailure.describe(connector.url(), e));
    }
  }

  /**
   * @param table as the server itself writes it, so that it can stand in SQL
   */
  private static TableSize count(Connection connection, String table, long enough)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM (SELECT FROM " + table + " LIMIT " + enough + ") t")) {
      row.next();
      long rows = row.getLong(1);
      return rows < enough ? TableSize.counted(rows) : TableSize.atLeast(rows);
    }
  }
}
