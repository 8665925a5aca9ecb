package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.Rehearsal.TableChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table or view as it was before a migration.
 *
 * @param name qualified, quoted where need be
 * @param file the number of its file, which changes when the server writes it anew; 0 for none
 */
record TableState(String name, long file) {

  private static final String ALL =
      "SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),"
          + " coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind IN ('r', 'p', 'm', 'v') AND n.nspname <> 'information_schema'"
          + " AND n.nspname NOT LIKE 'pg\\_%'";

  /** Counts of the current transaction alone (PostgreSQL's manual, section 27.2). */
  private static final String WRITTEN =
      "SELECT relid, n_tup_ins, n_tup_upd, n_tup_del FROM pg_catalog.pg_stat_xact_user_tables"
          + " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0";

  /** All there are, by their identities. */
  static Map<Long, TableState> all(Connection connection) throws SQLException {
    Map<Long, TableState> all = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL)) {
      while (rows.next()) {
        all.put(rows.getLong(1), new TableState(rows.getString(2), rows.getLong(3)));
      }
    }
    return all;
  }

  /** What the current transaction did to tables, those that it made too. */
  static List<TableChange> changes(Connection connection, Map<Long, TableState> before)
      throws SQLException {
    Map<Long, TableState> now = all(connection);
    Map<Long, TableChange> changes = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(WRITTEN)) {
      while (rows.next()) {
        TableState table = now.get(rows.getLong(1));
        if (table != null && !own(table)) {
          changes.put(
              rows.getLong(1),
              new TableChange(
                  table.name(),
                  rows.getLong(2),
                  rows.getLong(3),
                  rows.getLong(4),
                  rewritten(before.get(rows.getLong(1)), table)));
        }
      }
    }
    now.forEach(
        (oid, table) -> {
          if (rewritten(before.get(oid), table) && !own(table)) {
            changes.putIfAbsent(oid, new TableChange(table.name(), 0, 0, 0, true));
          }
        });
    List<TableChange> sorted = new ArrayList<>(changes.values());
    sorted.sort((a, b) -> a.table().compareTo(b.table()));
    return sorted;
  }

  /** The bookkeeping of migrations is no work of the migration's own. */
  private static boolean own(TableState table) {
    return table.name().equals("public.schema_migrations")
        || table.name().endsWith("." + Migrator.HISTORY);
  }

  private static boolean rewritten(@Nullable TableState before, TableState now) {
    return before != null && before.file() != now.file();
  }
}
