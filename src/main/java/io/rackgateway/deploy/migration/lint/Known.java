package io.rackgateway.deploy.migration.lint;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a database holds, as far as the migrations tell: what earlier ones made, which the previous
 * version knows, and what those under judgement make, which no earlier version can miss.
 */
final class Known {

  enum What {
    COLUMN,
    CONSTRAINT,
    EXTENSION,
    FUNCTION,
    INDEX,
    POLICY,
    SCHEMA,
    SEQUENCE,
    TABLE,
    TRIGGER,
    TYPE,
    VIEW
  }

  /** Something in a database. */
  record Thing(What what, String key) {

    /**
     * Indexes are found by their bare names: they are made without a schema and dropped with one.
     */
    static Thing of(What what, Name name) {
      return new Thing(what, what == What.INDEX ? name.name() : name.key());
    }

    /** Something of a table. */
    static Thing of(What what, Name table, String name) {
      return new Thing(what, table.key() + "/" + name);
    }
  }

  private final Map<Thing, String> before = new HashMap<>();
  private final Map<Thing, String> fresh = new HashMap<>();
  private final Map<Thing, Column> columns = new HashMap<>();
  private final Set<Thing> dropped = new HashSet<>();
  private final Set<String> updated = new HashSet<>();
  private boolean complete = true;

  /**
   * From here on, what was made so far is what the previous version knows.
   *
   * @param all whether it knows nothing else
   */
  void settle(boolean all) {
    complete = all;
    before.putAll(fresh);
    fresh.clear();
    dropped.clear();
    updated.clear();
  }

  /** Whether it was there before, or may have been, for all that is known. */
  boolean mayBeThere(Thing thing) {
    return before.containsKey(thing) || !complete;
  }

  boolean wasBefore(Thing thing) {
    return before.containsKey(thing);
  }

  /**
   * Remembers what is made.
   *
   * @param detail what else matters of it, in words that {@link #detail} gives back
   * @param unlessThere whether it stays as it is where it is there already
   */
  void create(Thing thing, String detail, boolean unlessThere) {
    if (!(unlessThere && mayBeThere(thing))) {
      fresh.put(thing, detail);
    }
  }

  void create(Thing thing) {
    create(thing, "", false);
  }

  void column(Name table, Column column, boolean unlessThere) {
    Thing thing = Thing.of(What.COLUMN, table, column.name());
    if (!(unlessThere && mayBeThere(thing))) {
      fresh.put(thing, "");
      columns.put(thing, column);
    }
  }

  Optional<Column> column(Name table, String name) {
    return Optional.ofNullable(columns.get(Thing.of(What.COLUMN, table, name)));
  }

  /** A column that the migrations under judgement add to a table that was there. */
  Optional<Column> freshColumn(Name table, String name) {
    return fresh.containsKey(Thing.of(What.COLUMN, table, name))
        ? column(table, name)
        : Optional.empty();
  }

  /** Whether the migrations under judgement made it, so that no earlier version knows it. */
  boolean fresh(Thing thing) {
    return fresh.containsKey(thing);
  }

  boolean fresh(What what, Name name) {
    String schema = name.schema();
    return fresh.containsKey(Thing.of(what, name))
        || (schema != null && fresh.containsKey(Thing.of(What.SCHEMA, Name.of(schema))));
  }

  /** What was told of it when it was made; empty when it is not known. */
  Optional<String> detail(Thing thing) {
    String now = fresh.get(thing);
    return Optional.ofNullable(now != null ? now : before.get(thing));
  }

  void drop(Thing thing) {
    fresh.remove(thing);
    dropped.add(thing);
  }

  /** Whether it was there before and the migrations under judgement dropped it. */
  boolean wasDropped(Thing thing) {
    return dropped.contains(thing);
  }

  void update(Name table) {
    updated.add(table.key());
  }

  /** Whether the migrations under judgement change rows of the table. */
  boolean isUpdated(Name table) {
    return updated.contains(table.key());
  }
}
