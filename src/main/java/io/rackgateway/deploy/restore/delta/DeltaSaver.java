package io.rackgateway.deploy.restore.delta;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.restore.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** Saves all differences of two databases into a {@link DeltaFolder}. */
public final class DeltaSaver {

  private static final String AUDIT = "audit.audit_event";

  private static final String SEQUENCES =
      "SELECT pg_catalog.quote_ident(schemaname) || '.' || pg_catalog.quote_ident(sequencename),"
          + " last_value FROM pg_catalog.pg_sequences WHERE schemaname NOT LIKE 'pg\\_%' ORDER BY 1";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Clock clock;
  private final Runnable stopCheck;

  public DeltaSaver(Clock clock, Runnable stopCheck) {
    this.clock = clock;
    this.stopCheck = stopCheck;
  }

  /**
   * Saves them.
   *
   * @param live the live database, to which nobody else can write
   * @param copy the restored backup
   */
  public Restored.Delta save(
      DeltaFolder folder, Connection live, Connection copy, Backup backup, RunId run)
      throws SQLException, IOException {
    prepare(live);
    prepare(copy);
    Path place = folder.begin();
    ObjectNode index = MAPPER.createObjectNode();
    index.put("schema", DeltaFolder.SCHEMA);
    index.put("run", run.value());
    index.put("backup", backup.id());
    index.put("gateway", backup.gateway());
    index.put("savedAt", clock.instant().toString());
    ArrayNode tables = index.putArray("tables");
    Map<String, TableShape> ours = TableShape.all(live);
    Map<String, TableShape> theirs = TableShape.all(copy);
    TableDelta delta = new TableDelta(live, copy, stopCheck);
    long audit = 0;
    long inserted = 0;
    long updated = 0;
    long deleted = 0;
    long columns = 0;
    int others = 0;
    for (TableShape table : ours.values()) {
      TableFile file = new TableFile(TableDelta.file(place, table.name()));
      TableDelta.Counts counts;
      try (file) {
        counts = delta.save(table, theirs.get(table.name()), file);
      }
      if (counts.all() == 0) {
        continue;
      }
      tables.add(entry(table, theirs.get(table.name()) != null, file, counts));
      if (table.name().equals(AUDIT)) {
        audit = counts.all();
      } else {
        inserted += counts.inserted;
        updated += counts.updated;
        deleted += counts.deleted;
        columns += counts.columns;
        others++;
      }
    }
    ArrayNode gone = index.putArray("tablesOnlyInBackup");
    theirs.keySet().stream().filter(table -> !ours.containsKey(table)).forEach(gone::add);
    sequences(index.putArray("sequences"), live, copy);
    Restored.Delta saved =
        new Restored.Delta(
            folder.finished().toString(), audit, inserted, updated, deleted, columns, others);
    ObjectNode counts = index.putObject("counts");
    counts.put("auditEvents", audit);
    counts.put("inserted", inserted);
    counts.put("updated", updated);
    counts.put("deleted", deleted);
    counts.put("columns", columns);
    counts.put("tables", others);
    folder.finish(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(index));
    live.rollback();
    copy.rollback();
    return saved;
  }

  /** One snapshot, in which the same value has the same text on both sides. */
  private static void prepare(Connection connection) throws SQLException {
    for (String setting :
        new String[] {
          "statement_timeout = 0",
          "idle_in_transaction_session_timeout = 0",
          "row_security = off",
          "search_path = ''",
          "DateStyle = 'ISO, MDY'",
          "IntervalStyle = 'postgres'",
          "TimeZone = 'UTC'",
          "bytea_output = 'hex'",
          "extra_float_digits = 1"
        }) {
      Server.execute(connection, "SET " + setting);
    }
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
  }

  private static ObjectNode entry(
      TableShape table, boolean inBackup, TableFile file, TableDelta.Counts counts) {
    ObjectNode entry = MAPPER.createObjectNode();
    entry.put("table", table.name());
    entry.put("file", file.name());
    entry.put("sha256", file.sha256());
    entry.put("inBackup", inBackup);
    entry.put("inserted", counts.inserted);
    entry.put("updated", counts.updated);
    entry.put("deleted", counts.deleted);
    entry.put("columnsOnly", counts.columns);
    ArrayNode key = entry.putArray("key");
    table.key().forEach(key::add);
    ObjectNode columns = entry.putObject("columns");
    table.columns().forEach(column -> columns.put(column.name(), column.type()));
    return entry;
  }

  private static void sequences(ArrayNode array, Connection live, Connection copy)
      throws SQLException {
    Map<String, Long> ours = sequences(live);
    Map<String, Long> theirs = sequences(copy);
    ours.forEach(
        (name, value) -> {
          Long before = theirs.get(name);
          if (!value.equals(before)) {
            ObjectNode sequence = array.addObject();
            sequence.put("sequence", name);
            sequence.put("live", value);
            sequence.put("backup", before);
          }
        });
  }

  private static Map<String, Long> sequences(Connection connection) throws SQLException {
    Map<String, Long> values = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SEQUENCES)) {
      while (row.next()) {
        Long value = row.getObject(2, Long.class);
        if (value != null) {
          values.put(row.getString(1), value);
        }
      }
    }
    return values;
  }
}
