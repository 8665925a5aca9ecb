package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.restore.server.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns what is in a database and may do what with it, for a copy whose archive left that out.
 * What only one of the two databases has is passed over; who granted something is not kept.
 */
final class Rights {

  private static final String NO_SYSTEM =
      " n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";

  private static final String NO_EXTENSION =
      " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = '%1$s'::regclass"
          + " AND d.objid = %2$s.oid AND d.deptype = 'e')";

  /** A sequence that belongs to a column follows its table. */
  private static final String RELATIONS =
      "SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN"
          + " 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,"
          + " CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,"
          + " quote_ident(n.nspname) || '.' || quote_ident(c.relname), CASE WHEN EXISTS"
          + " (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass"
          + " AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i')) THEN NULL ELSE"
          + " pg_get_userbyid(c.relowner) END, c.relowner AS owner, c.relacl AS acl"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND"
          + NO_SYSTEM
          + NO_EXTENSION.formatted("pg_class", "c");

  private static final String SCHEMAS =
      "SELECT 'SCHEMA', 'SCHEMA', quote_ident(n.nspname), pg_get_userbyid(n.nspowner),"
          + " n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE"
          + NO_SYSTEM
          + NO_EXTENSION.formatted("pg_namespace", "n");

  private static final String ROUTINES =
      "SELECT 'ROUTINE', 'ROUTINE', quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('"
          + " || pg_get_function_identity_arguments(p.oid) || ')', pg_get_userbyid(p.proowner),"
          + " p.proowner, p.proacl FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
          + " ON n.oid = p.pronamespace WHERE"
          + NO_SYSTEM
          + NO_EXTENSION.formatted("pg_proc", "p");

  private static final String TYPES =
      "SELECT 'TYPE', 'TYPE', quote_ident(n.nspname) || '.' || quote_ident(t.typname),"
          + " pg_get_userbyid(t.typowner), t.typowner, t.typacl FROM pg_catalog.pg_type t"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN"
          + " pg_catalog.pg_class r ON r.oid = t.typrelid WHERE (t.typtype IN ('e', 'd', 'r')"
          + " OR t.typtype = 'c' AND r.relkind = 'c') AND"
          + NO_SYSTEM
          + NO_EXTENSION.formatted("pg_type", "t");

  private static final String OBJECTS =
      "SELECT o.*, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE"
          + " quote_ident(pg_get_userbyid(a.grantee)) END, a.privilege_type, a.is_grantable,"
          + " a.grantee = o.owner FROM ("
          + String.join(" UNION ALL ", RELATIONS, SCHEMAS, ROUTINES, TYPES)
          + ") o (alter, grants, identity, owned, owner, acl)"
          + " LEFT JOIN LATERAL aclexplode(o.acl) a ON true ORDER BY o.grants, o.identity";

  private static final String COLUMNS =
      "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(t.attname),"
          + " CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee))"
          + " END, a.privilege_type, a.is_grantable FROM pg_catalog.pg_attribute t"
          + " JOIN pg_catalog.pg_class c ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n"
          + " ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(t.attacl) a"
          + " WHERE NOT t.attisdropped AND"
          + NO_SYSTEM
          + NO_EXTENSION.formatted("pg_class", "c");

  private static final String HAS_COLUMN =
      "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' ||"
          + " quote_ident(t.attname) FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c"
          + " ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE t.attnum > 0 AND NOT t.attisdropped AND"
          + NO_SYSTEM;

  private static final String DEFAULTS =
      "SELECT quote_ident(pg_get_userbyid(d.defaclrole)), quote_ident(n.nspname),"
          + " CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN"
          + " 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END, CASE WHEN a.grantee = 0 THEN"
          + " 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, a.privilege_type,"
          + " a.is_grantable FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n"
          + " ON n.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) a"
          + " WHERE a.grantee <> d.defaclrole";

  private Rights() {}

  /** The statements that give what is in the copy the owners and grants that it has in the live. */
  static List<String> copying(Connection live, Connection copy) throws SQLException {
    Map<String, String> there = owners(copy);
    List<String> statements = new ArrayList<>();
    objects(live, there, statements);
    columns(live, copy, statements);
    defaults(live, there, statements);
    return statements;
  }

  /** Who owns what, by kind and name; empty for what follows another object. */
  private static Map<String, String> owners(Connection copy) throws SQLException {
    Map<String, String> owners = new HashMap<>();
    try (Statement statement = copy.createStatement();
        ResultSet row = statement.executeQuery(OBJECTS)) {
      while (row.next()) {
        String owner = row.getString(4);
        owners.put(row.getString(2) + " " + row.getString(3), owner == null ? "" : owner);
      }
    }
    return owners;
  }

  private static void objects(Connection live, Map<String, String> there, List<String> statements)
      throws SQLException {
    Set<String> seen = new HashSet<>();
    // Whoever gets something in a schema must be allowed to create in it by then.
    List<String> schemaGrants = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try (Statement statement = live.createStatement();
        ResultSet row = statement.executeQuery(OBJECTS)) {
      while (row.next()) {
        String object = row.getString(2) + " " + row.getString(3);
        String now = there.get(object);
        if (now == null) {
          continue;
        }
        String owner = row.getString(4);
        boolean schema = row.getString(2).equals("SCHEMA");
        List<String> grants = schema ? schemaGrants : others;
        if (seen.add(object)) {
          if (owner != null && !owner.equals(now)) {
            (schema ? statements : owners)
                .add(
                    "ALTER "
                        + row.getString(1)
                        + " "
                        + row.getString(3)
                        + " OWNER TO "
                        + Sql.quoted(owner));
          }
          if (row.getString(6) != null) {
            grants.add("REVOKE ALL ON " + object + " FROM PUBLIC");
          }
        }
        if (row.getString(8) != null && !row.getBoolean(10)) {
          grants.add(grant(row.getString(8), " ON " + object, row.getString(7), row.getBoolean(9)));
        }
      }
    }
    statements.addAll(schemaGrants);
    statements.addAll(owners);
    statements.addAll(others);
  }

  private static void columns(Connection live, Connection copy, List<String> statements)
      throws SQLException {
    Set<String> there = new HashSet<>();
    try (Statement statement = copy.createStatement();
        ResultSet row = statement.executeQuery(HAS_COLUMN)) {
      while (row.next()) {
        there.add(row.getString(1));
      }
    }
    try (Statement statement = live.createStatement();
        ResultSet row = statement.executeQuery(COLUMNS)) {
      while (row.next()) {
        if (there.contains(row.getString(1) + "." + row.getString(2))) {
          statements.add(
              grant(
                  row.getString(4) + " (" + row.getString(2) + ")",
                  " ON TABLE " + row.getString(1),
                  row.getString(3),
                  row.getBoolean(5)));
        }
      }
    }
  }

  private static void defaults(Connection live, Map<String, String> there, List<String> statements)
      throws SQLException {
    try (Statement statement = live.createStatement();
        ResultSet row = statement.executeQuery(DEFAULTS)) {
      while (row.next()) {
        @Nullable String schema = row.getString(2);
        if (schema == null || there.containsKey("SCHEMA " + schema)) {
          statements.add(
              "ALTER DEFAULT PRIVILEGES FOR ROLE "
                  + row.getString(1)
                  + (schema == null ? "" : " IN SCHEMA " + schema)
                  + " "
                  + grant(
                      row.getString(5),
                      " ON " + row.getString(3),
                      row.getString(4),
                      row.getBoolean(6)));
        }
      }
    }
  }

  private static String grant(String privilege, String on, String to, boolean grantable) {
    return "GRANT " + privilege + on + " TO " + to + (grantable ? " WITH GRANT OPTION" : "");
  }
}
