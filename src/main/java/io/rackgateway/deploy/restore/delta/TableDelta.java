package io.rackgateway.deploy.restore.delta;

import io.rackgateway.deploy.restore.delta.TableShape.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the differences of one table: two sorted streams side by side, in memory that does not grow
 * with the table.
 */
final class TableDelta {

  private static final int CHECK_EVERY = 10_000;

  private final Connection live;
  private final Connection backup;
  private final Runnable stopCheck;

  /**
   * @param stopCheck throws when the run is to stop
   */
  TableDelta(Connection live, Connection backup, Runnable stopCheck) {
    this.live = live;
    this.backup = backup;
    this.stopCheck = stopCheck;
  }

  /** How many rows of a table differ, and how. */
  static final class Counts {
    long inserted;
    long updated;
    long deleted;
    long columns;

    long all() {
      return inserted + updated + deleted + columns;
    }
  }

  /**
   * Saves the differences of a table of the live side.
   *
   * @param other the same table of the backup, null when it has none
   * @param file takes the rows; left open
   */
  Counts save(TableShape table, @Nullable TableShape other, TableFile file)
      throws SQLException, IOException {
    Counts counts = new Counts();
    if (other == null) {
      List<String> columns = names(table);
      try (Rows rows = new Rows(live, table, Rows.select(table))) {
        while (rows.next()) {
          pace(++counts.inserted);
          file.write("insert", table.key(), rows, columns, null);
        }
      }
      return counts;
    }
    Comparison comparison = Comparison.of(table, other);
    try (Rows ours = new Rows(live, table, comparison.query(table));
        Rows theirs = new Rows(backup, other, comparison.query(other))) {
      merge(comparison, ours, theirs, file, counts);
    }
    return counts;
  }

  private void merge(Comparison comparison, Rows ours, Rows theirs, TableFile file, Counts counts)
      throws SQLException, IOException {
    List<String> key = comparison.keyed() ? comparison.live().key() : List.of();
    List<String> all = names(comparison.live());
    List<String> added = comparison.added();
    ours.next();
    theirs.next();
    for (long row = 0; ours.there() || theirs.there(); row++) {
      pace(row);
      int order = !theirs.there() ? -1 : !ours.there() ? 1 : comparison.order(ours, theirs);
      if (order < 0) {
        counts.inserted++;
        file.write("insert", key, ours, all, null);
        ours.next();
      } else if (order > 0) {
        counts.deleted++;
        file.write("delete", key, null, List.of(), theirs);
        theirs.next();
      } else {
        if (!same(comparison.common(), ours, theirs)) {
          counts.updated++;
          file.write("update", key, ours, all, theirs);
        } else if (added.stream().anyMatch(column -> ours.get(column) != null)) {
          counts.columns++;
          // Without a key, the row itself has to tell which one it is.
          file.write("columns", key, ours, comparison.keyed() ? added : all, null);
        }
        ours.next();
        theirs.next();
      }
    }
  }

  private void pace(long row) {
    if (row % CHECK_EVERY == 0) {
      stopCheck.run();
    }
  }

  private static boolean same(List<String> columns, Rows one, Rows other) {
    for (String column : columns) {
      String value = one.get(column);
      if (value == null ? other.get(column) != null : !value.equals(other.get(column))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(TableShape table) {
    return table.columns().stream().map(Column::name).toList();
  }

  /** The file of a table: {@code audit.audit_event.ndjson.gz}; odd characters become hex. */
  static Path file(Path folder, String table) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < table.length(); i++) {
      char c = table.charAt(i);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0);
      name.append(plain ? String.valueOf(c) : String.format("%%%04x", (int) c));
    }
    return folder.resolve(name + ".ndjson.gz");
  }
}
