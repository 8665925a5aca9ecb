package io.rackgateway.deploy.postgres;

import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DatabaseFacts.AuditHead;
import io.rackgateway.deploy.model.DatabaseFacts.Extension;
import io.rackgateway.deploy.model.DatabaseFacts.Rows;
import io.rackgateway.deploy.model.DatabaseFacts.SequenceValue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a database holds, for comparing a copy with its source. Everything is read in the
 * connection's current transaction: begun with {@code REPEATABLE READ}, all answers are of one
 * snapshot, but for sequences, which PostgreSQL keeps out of transactions.
 */
public final class FactsReader {

  private static final String USERS_OWN =
      " n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ";

  private static final String TABLES =
      "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind = 'r' AND"
          + USERS_OWN
          + notOfExtension("pg_class", "c.oid")
          + " ORDER BY 1";

  private static final String SEQUENCES =
      "SELECT pg_catalog.quote_ident(schemaname) || '.' || pg_catalog.quote_ident(sequencename),"
          + " last_value FROM pg_catalog.pg_sequences n_ JOIN pg_catalog.pg_namespace n"
          + " ON n.nspname = n_.schemaname WHERE"
          + USERS_OWN
          + "ORDER BY 1";

  private static final String OBJECTS =
      "SELECT line FROM ("
          + " SELECT 'schema ' || n.nspname AS line FROM pg_catalog.pg_namespace n WHERE"
          + USERS_OWN
          + notOfExtension("pg_namespace", "n.oid")
          + " UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized"
          + " view ' WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' WHEN 'p' THEN 'partitioned"
          + " table ' WHEN 'f' THEN 'foreign table ' ELSE 'type ' END || n.nspname || '.' ||"
          + " c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
          + " ON n.oid = c.relnamespace WHERE c.relkind IN ('v','m','i','I','p','f','c') AND"
          + USERS_OWN
          + notOfExtension("pg_class", "c.oid")
          + " UNION ALL SELECT 'function ' || n.nspname || '.' || p.proname || '(' ||"
          + " pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' FROM pg_catalog.pg_proc p"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE"
          + USERS_OWN
          + notOfExtension("pg_proc", "p.oid")
          + " UNION ALL SELECT 'trigger ' || t.tgname || ' on ' || n.nspname || '.' || c.relname ||"
          + " ' ' || t.tgenabled::text FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c"
          + " ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE NOT t.tgisinternal AND"
          + USERS_OWN
          + notOfExtension("pg_class", "c.oid")
          + " UNION ALL SELECT 'constraint ' || k.conname || ' on ' || n.nspname || '.' ||"
          + " c.relname FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c"
          + " ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE"
          + USERS_OWN
          + notOfExtension("pg_class", "c.oid")
          + " UNION ALL SELECT 'policy ' || p.policyname || ' on ' || p.schemaname || '.' ||"
          + " p.tablename FROM pg_catalog.pg_policies p"
          + " UNION ALL SELECT 'type ' || n.nspname || '.' || t.typname FROM pg_catalog.pg_type t"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
          + " WHERE t.typtype IN ('e','d','r') AND"
          + USERS_OWN
          + notOfExtension("pg_type", "t.oid")
          + ") AS objects ORDER BY 1";

  private static final String EXTENSIONS =
      "SELECT extname, extversion FROM pg_catalog.pg_extension ORDER BY 1";

  /** Owners and grantees of what is in this database. */
  private static final String ROLES =
      "SELECT DISTINCT r.rolname FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r"
          + " ON r.oid = d.refobjid WHERE d.refclassid ="
          + " 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.dbid = (SELECT oid FROM"
          + " pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) ORDER BY 1";

  private static final String SERVER =
      "SELECT current_setting('server_version_num')::int / 10000,"
          + " split_part(current_setting('server_version'), ' ', 1),"
          + " pg_catalog.pg_database_size(current_database()), transaction_timestamp()";

  private static final String AUDIT_COLUMNS =
      "SELECT (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = t.oid AND NOT"
          + " attisdropped AND attname = 'chain_index'),"
          + " (SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
          + " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = t.oid AND"
          + " i.indisprimary AND a.atttypid IN (20, 21, 23)),"
          + " (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = t.oid AND NOT"
          + " attisdropped AND attname = 'event_hash' AND atttypid = 17)"
          + " FROM pg_catalog.pg_class t WHERE t.oid ="
          + " pg_catalog.to_regclass('audit.audit_event') AND t.relkind IN ('r', 'p')";

  private final Connection connection;

  /**
   * @param connection a user's that may read every table
   */
  public FactsReader(Connection connection) {
    this.connection = connection;
  }

  /** Counts every row, so it takes as long as reading every table once. */
  public DatabaseFacts read() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<Rows> tables = new ArrayList<>();
      for (String table : names(statement, TABLES)) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM ONLY " + table)) {
          row.next();
          tables.add(new Rows(table, row.getLong(1)));
        }
      }
      List<SequenceValue> sequences = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(SEQUENCES)) {
        while (rows.next()) {
          sequences.add(new SequenceValue(rows.getString(1), rows.getObject(2, Long.class)));
        }
      }
      List<Extension> extensions = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(EXTENSIONS)) {
        while (rows.next()) {
          extensions.add(new Extension(rows.getString(1), rows.getString(2)));
        }
      }
      List<String> objects = names(statement, OBJECTS);
      List<String> roles = names(statement, ROLES);
      AuditHead head = auditHead(statement);
      try (ResultSet row = statement.executeQuery(SERVER)) {
        row.next();
        Instant at = row.getTimestamp(4).toInstant();
        return new DatabaseFacts(
            row.getInt(1),
            row.getString(2),
            row.getLong(3),
            tables,
            sequences,
            objects,
            extensions,
            roles,
            head,
            at);
      }
    }
  }

  private static @Nullable AuditHead auditHead(Statement statement) throws SQLException {
    String position;
    String hash;
    try (ResultSet row = statement.executeQuery(AUDIT_COLUMNS)) {
      if (!row.next()) {
        return null;
      }
      position = row.getString(1) == null ? row.getString(2) : row.getString(1);
      hash = row.getString(3);
    }
    if (position == null) {
      return null;
    }
    String order = "\"" + position + "\"";
    try (ResultSet row =
        statement.executeQuery(
            "SELECT "
                + order
                + ", "
                + (hash == null ? "NULL" : "pg_catalog.encode(event_hash, 'hex')")
                + " FROM audit.audit_event ORDER BY "
                + order
                + " DESC LIMIT 1")) {
      return row.next() ? new AuditHead(row.getLong(1), row.getString(2)) : null;
    }
  }

  private static List<String> names(Statement statement, String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static String notOfExtension(String catalogue, String oid) {
    return " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog."
        + catalogue
        + "'::pg_catalog.regclass AND d.objid = "
        + oid
        + " AND d.deptype = 'e')";
  }
}
