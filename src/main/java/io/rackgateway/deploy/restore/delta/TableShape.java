package io.rackgateway.deploy.restore.delta;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table on one side: its columns and its primary key. Generated columns are left out, as they
 * follow from the others.
 *
 * @param name qualified, each part quoted where it must be
 * @param key the columns of the primary key in its order; empty when there is none
 */
record TableShape(String name, List<Column> columns, List<String> key) {

  /** Tables that hold rows of their own and that no extension brings along. */
  private static final String TABLES =
      "SELECT c.oid::bigint, pg_catalog.quote_ident(n.nspname) || '.' ||"
          + " pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind = 'r' AND n.nspname <> 'information_schema'"
          + " AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
          + " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
          + " AND d.deptype = 'e') ORDER BY 2";

  private static final String COLUMNS =
      "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),"
          + " coalesce(nullif(t.typbasetype, 0), t.oid)::bigint"
          + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
          + " WHERE a.attrelid = ?::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped"
          + " AND a.attgenerated = '' ORDER BY a.attnum";

  private static final String KEY =
      "SELECT a.attname FROM pg_catalog.pg_index i"
          + " CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
          + " WHERE i.indrelid = ?::bigint::oid AND i.indisprimary AND k.place <= i.indnkeyatts"
          + " ORDER BY k.place";

  TableShape {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /**
   * A column.
   *
   * @param type as SQL writes it
   * @param base the object id of its type, or of the type that its domain is made of
   */
  record Column(String name, String type, long base) {

    private static final Set<Long> JSON = Set.of(114L, 3802L);
    private static final Set<Long> INTEGERS = Set.of(20L, 21L, 23L);
    private static final long UUID = 2950L;

    boolean json() {
      return JSON.contains(base);
    }

    boolean integer() {
      return INTEGERS.contains(base);
    }

    boolean uuid() {
      return base == UUID;
    }
  }

  Optional<Column> column(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst();
  }

  /** All tables of a database, by name. */
  static Map<String, TableShape> all(Connection connection) throws SQLException {
    Map<String, Long> tables = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TABLES)) {
      while (row.next()) {
        tables.put(row.getString(2), row.getLong(1));
      }
    }
    Map<String, TableShape> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, Long> table : tables.entrySet()) {
      shapes.put(table.getKey(), read(connection, table.getKey(), table.getValue()));
    }
    return shapes;
  }

  private static TableShape read(Connection connection, String name, long oid) throws SQLException {
    List<Column> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.add(new Column(row.getString(1), row.getString(2), row.getLong(3)));
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(KEY)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          key.add(row.getString(1));
        }
      }
    }
    return new TableShape(name, columns, key);
  }
}
