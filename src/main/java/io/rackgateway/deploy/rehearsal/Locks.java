package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.Rehearsal.HeldLock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locks that a transaction takes on tables which others use. It keeps each until it ends, so
 * that looking after every statement sees them all, and tells which statement took them.
 */
final class Locks {

  /** From the weakest (PostgreSQL's manual, section 13.3.1); those before keep nobody out. */
  private static final List<String> MODES =
      List.of(
          "ShareUpdateExclusiveLock",
          "ShareLock",
          "ShareRowExclusiveLock",
          "ExclusiveLock",
          "AccessExclusiveLock");

  private static final String MINE =
      "SELECT relation, mode FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid()"
          + " AND locktype = 'relation' AND granted AND database = (SELECT oid FROM"
          + " pg_catalog.pg_database WHERE datname = current_database())";

  private final Map<Long, TableState> tables;
  private final Map<Long, Taken> taken = new HashMap<>();

  /**
   * @param tables those that were there before
   */
  Locks(Map<Long, TableState> tables) {
    this.tables = tables;
  }

  /** The strongest lock of a table, and when the statement began that took it. */
  private record Taken(int mode, long since) {}

  /** Takes note of the locks that the statement took which began then. */
  void look(Connection connection, long began) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(MINE)) {
      while (rows.next()) {
        int mode = MODES.indexOf(rows.getString(2));
        if (mode >= 0 && tables.containsKey(rows.getLong(1))) {
          taken.merge(
              rows.getLong(1),
              new Taken(mode, began),
              (old, now) -> now.mode() > old.mode() ? now : old);
        }
      }
    }
  }

  /**
   * The locks as held until then.
   *
   * @param now a reading of {@link System#nanoTime()}
   */
  List<HeldLock> held(long now) {
    List<HeldLock> held = new ArrayList<>();
    taken.forEach(
        (oid, lock) -> {
          TableState table = tables.get(oid);
          if (table != null && !table.name().equals("public.schema_migrations")) {
            held.add(
                new HeldLock(
                    table.name(),
                    MODES.get(lock.mode()),
                    Duration.ofNanos(now - lock.since()),
                    keepsOut(lock.mode())));
          }
        });
    held.sort((a, b) -> a.table().compareTo(b.table()));
    return held;
  }

  private static String keepsOut(int mode) {
    return mode == 0 ? "schema changes" : mode == MODES.size() - 1 ? "reads and writes" : "writes";
  }
}
