package io.rackgateway.deploy.restore.delta;

import io.rackgateway.deploy.restore.delta.TableShape.Column;
import io.rackgateway.deploy.restore.server.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table's rows, each value as the text that PostgreSQL writes for it. Some thousand rows are in
 * memory at a time. Stands before the first row at first.
 */
final class Rows implements AutoCloseable {

  /** What a query calls the table. */
  static final String ALIAS = "t_";

  private static final int FETCH = 1000;

  private final TableShape table;
  private final Map<String, Integer> places = new HashMap<>();
  private final Statement statement;
  private final ResultSet rows;
  private final @Nullable String[] values;
  private boolean there;

  /**
   * @param connection in a transaction, without which the driver would read all rows at once
   */
  Rows(Connection connection, TableShape table, String query) throws SQLException {
    this.table = table;
    for (Column column : table.columns()) {
      places.put(column.name(), places.size());
    }
    this.values = new @Nullable String[places.size()];
    this.statement = connection.createStatement();
    try {
      statement.setFetchSize(FETCH);
      this.rows = statement.executeQuery(query);
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  static String select(TableShape table) {
    return "SELECT "
        + (table.columns().isEmpty()
            ? "NULL"
            : table.columns().stream()
                .map(column -> ALIAS + "." + Sql.quoted(column.name()) + "::pg_catalog.text")
                .collect(Collectors.joining(", ")))
        + " FROM ONLY "
        + table.name()
        + " AS "
        + ALIAS;
  }

  TableShape table() {
    return table;
  }

  /** Goes to the next row; false when there is none. */
  boolean next() throws SQLException {
    there = rows.next();
    if (there) {
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.getString(i + 1);
      }
    }
    return there;
  }

  /** Whether it stands on a row. */
  boolean there() {
    return there;
  }

  @Nullable String get(String column) {
    Integer place = places.get(column);
    return place == null ? null : values[place];
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
