package io.rackgateway.deploy.restore.delta;

import io.rackgateway.deploy.restore.delta.TableShape.Column;
import io.rackgateway.deploy.restore.server.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table are brought together that is on both sides: by its primary key where both
 * sides have the same one, else by everything that both sides have, so that equal rows pair off one
 * by one. Both servers sort, in an order that this side can follow: integers by value, anything
 * else by the bytes of its text.
 *
 * @param key the columns to bring rows together by
 * @param common the columns that both sides have
 * @param keyed whether the key tells rows apart
 */
record Comparison(
    TableShape live, TableShape backup, List<Key> key, List<String> common, boolean keyed) {

  /** How a key column is ordered. */
  private enum Order {
    INTEGER,
    BYTES_AS_STORED,
    TEXT
  }

  /** A column of the key. */
  record Key(String name, Order order) {

    private String sql() {
      // Qualified: a bare name would mean the text that is selected, which sorts otherwise.
      String column = Rows.ALIAS + "." + Sql.quoted(name);
      return order == Order.TEXT
          ? column + "::pg_catalog.text COLLATE \"C\" NULLS FIRST"
          : column + " NULLS FIRST";
    }

    private int compare(@Nullable String one, @Nullable String other) {
      if (one == null || other == null) {
        return one == null ? (other == null ? 0 : -1) : 1;
      }
      return order == Order.INTEGER
          ? Long.compare(Long.parseLong(one), Long.parseLong(other))
          : byCodePoints(one, other);
    }
  }

  static Comparison of(TableShape live, TableShape backup) {
    List<String> common = new ArrayList<>();
    Set<String> there = new HashSet<>(backup.columns().stream().map(Column::name).toList());
    live.columns().stream().map(Column::name).filter(there::contains).forEach(common::add);
    boolean keyed =
        !live.key().isEmpty() && live.key().equals(backup.key()) && common.containsAll(live.key());
    List<Key> key = new ArrayList<>();
    for (String name : keyed ? live.key() : common) {
      key.add(
          new Key(name, order(live.column(name).orElseThrow(), backup.column(name).orElseThrow())));
    }
    return new Comparison(live, backup, key, common, keyed);
  }

  private static Order order(Column live, Column backup) {
    if (live.integer() && backup.integer()) {
      return Order.INTEGER;
    }
    return live.uuid() && backup.uuid() ? Order.BYTES_AS_STORED : Order.TEXT;
  }

  /** The columns of the live side that the backup lacks. */
  List<String> added() {
    return live.columns().stream().map(Column::name).filter(c -> !common.contains(c)).toList();
  }

  /** Reads a side's rows in the order that both sides have. */
  String query(TableShape side) {
    StringBuilder sql = new StringBuilder(Rows.select(side));
    String separator = " ORDER BY ";
    for (Key column : key) {
      sql.append(separator).append(column.sql());
      separator = ", ";
    }
    return sql.toString();
  }

  /** Which of two rows comes first. */
  int order(Rows one, Rows other) {
    for (Key column : key) {
      int order = column.compare(one.get(column.name()), other.get(column.name()));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** The order of UTF-8 bytes, which is that of code points and not that of Java's chars. */
  private static int byCodePoints(String one, String other) {
    int i = 0;
    int end = Math.min(one.length(), other.length());
    while (i < end && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    if (i == end) {
      return Integer.compare(one.length(), other.length());
    }
    // Back to the beginning of a pair that differs in its second half only.
    if (i > 0
        && Character.isLowSurrogate(one.charAt(i))
        && Character.isHighSurrogate(one.charAt(i - 1))) {
      i--;
    }
    return Integer.compare(one.codePointAt(i), other.codePointAt(i));
  }
}
