package io.rackgateway.deploy.backup.pgdump;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a database's catalogue holds that its dump has to list: all that users made. */
final class Catalogue {

  /** Neither PostgreSQL's own schemas, nor {@code public}, which dumps list only when altered. */
  private static final String OBJECTS =
      """
      WITH schemas AS (
        SELECT oid, nspname, nspowner FROM pg_catalog.pg_namespace n
        WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'),
      members AS (
        SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
      objects AS (
        SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass AS class, oid, 'schema ' || nspname AS name,
          nspowner AS owner, false AS rows
        FROM schemas WHERE nspname <> 'public'
        UNION ALL
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid,
          CASE c.relkind WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
            WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || s.nspname || '.' || c.relname,
          c.relowner, c.relkind = 'r'
        FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm', 'f')
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE c.relkind = 'S' AND d.deptype = 'i'
            AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid)
        UNION ALL
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 'index ' || s.nspname || '.' || c.relname,
          NULL, false
        FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
          JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
        WHERE NOT c.relispartition AND (i.indisvalid OR c.relkind = 'I') AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
        UNION ALL
        SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid,
          'constraint ' || k.conname || ' on ' || s.nspname || '.' || c.relname, NULL, false
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          JOIN schemas s ON s.oid = c.relnamespace
        WHERE k.contype IN ('p', 'u', 'x', 'f') AND k.conparentid = 0
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 'function ' || s.nspname || '.' || p.proname,
          p.proowner, false
        FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
        UNION ALL
        SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 'type ' || s.nspname || '.' || t.typname,
          t.typowner, false
        FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r')
        UNION ALL
        SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid,
          'trigger ' || t.tgname || ' on ' || s.nspname || '.' || c.relname, NULL, false
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
          JOIN schemas s ON s.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND t.tgparentid = 0
        UNION ALL
        SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid,
          'policy ' || p.polname || ' on ' || s.nspname || '.' || c.relname, NULL, false
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
          JOIN schemas s ON s.oid = c.relnamespace
        UNION ALL
        SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass, oid, 'extension ' || extname, NULL, false
        FROM pg_catalog.pg_extension WHERE oid >= 16384)
      SELECT o.class::pg_catalog.oid::bigint, o.oid::bigint, o.name, r.rolname, o.rows
      FROM objects o LEFT JOIN pg_catalog.pg_roles r ON r.oid = o.owner
      WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.classid = o.class AND m.objid = o.oid)
      ORDER BY o.rows DESC, o.class, o.name
      """;

  private Catalogue() {}

  /**
   * Something that users made, known by the two numbers that the listing of a dump tells as well.
   *
   * @param owner null where dumps tell none, or the table's
   * @param rows whether it holds rows of its own
   */
  record Entry(long catalogue, long oid, String name, @Nullable String owner, boolean rows) {}

  /** Everything, in the connection's current transaction. */
  static List<Entry> read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(OBJECTS)) {
      List<Entry> entries = new ArrayList<>();
      while (rows.next()) {
        entries.add(
            new Entry(
                rows.getLong(1),
                rows.getLong(2),
                rows.getString(3),
                rows.getString(4),
                rows.getBoolean(5)));
      }
      return entries;
    }
  }
}
