package io.rackgateway.deploy.migration.lint;

import java.util.Optional;

/** ALTER COLUMN of a table that is there. */
final class AlterColumnRule {

  void judge(Name table, Words words, int line, Scope scope) {
    String column = words.plainName();
    String shown = Name.of(column).toString();
    if (words.accept("type") || words.accept("set", "data", "type")) {
      type(table, column, words, line, scope);
    } else if (words.accept("set", "not", "null")) {
      setNotNull(table, column, line, scope);
    } else if (words.accept("drop", "not", "null")) {
      if (change(table, column, scope, false)) {
        scope.unclear(
            line,
            table,
            "allows NULL in " + shown + ", which the previous version may not be able to read");
      }
    } else if (words.accept("set", "default")) {
      Column.Value value = Defaults.valueOf(words.rest());
      scope
          .known()
          .column(table, column)
          .ifPresent(known -> scope.known().column(table, known.withValue(value), true));
      if (value == Column.Value.NONE) {
        dropDefault(table, column, line, scope);
      }
    } else if (words.accept("drop", "default")) {
      dropDefault(table, column, line, scope);
    } else if (words.accept("drop", "identity")) {
      scope.breaks(line, table, "inserts no longer get a value for " + shown);
    } else if (words.next("add", "generated", "always")
        || words.next("set", "generated", "always")) {
      scope.breaks(line, table, "inserts may no longer name a value for " + shown);
    } else if (words.accept("set", "expression")) {
      scope.locks(line, table, "computes " + shown + " anew while all else waits");
      scope.unclear(line, table, "computes " + shown + " otherwise than before");
    } else if (!harmless(words)) {
      scope.unclear(line, table, "changes column " + shown + " in a way the lint knows nothing of");
    }
  }

  private static boolean harmless(Words words) {
    return words.next("set", "statistics")
        || words.next("set", "storage")
        || words.next("set", "compression")
        || words.next("set", "generated", "by", "default")
        || words.next("add", "generated", "by", "default")
        || words.next("restart")
        || (words.accept("set") && words.nextSymbol("("))
        || words.next("reset");
  }

  private static void type(Name table, String column, Words words, int line, Scope scope) {
    Known known = scope.known();
    String type = Column.typeOf(words);
    boolean using = words.has("using") || words.has("collate");
    boolean fresh = known.freshColumn(table, column).isPresent();
    String before = known.column(table, column).map(Column::type).orElse("");
    TypeChange change = using ? TypeChange.OTHER : TypeChange.of(before, type);
    known.column(table, column).ifPresent(each -> known.column(table, each.withType(type), true));
    String from = before.isEmpty() ? "" : " from " + before;
    String what = "changes the type of " + Name.of(column) + from + " to " + type;
    if (change == TypeChange.NAME_ONLY) {
      return;
    }
    if (change == TypeChange.OTHER && !fresh) {
      scope.breaks(line, table, what);
    }
    boolean anythingFits = !using && (type.equals("text") || type.equals("varchar"));
    if (change == TypeChange.OTHER && !anythingFits) {
      scope.dependsOnData(line, table, what + "; fails if a value does not fit");
    }
    scope.locks(line, table, what + ", so may write the table anew while all else waits");
  }

  private static void setNotNull(Name table, String column, int line, Scope scope) {
    Optional<Column> fresh = scope.known().freshColumn(table, column);
    String shown = Name.of(column).toString();
    boolean filled = fresh.isPresent() && fresh.get().value() != Column.Value.NONE;
    change(table, column, scope, true);
    if (!filled) {
      String reason = "makes " + shown + " NOT NULL";
      scope.breaks(line, table, reason + ": rows of the previous version may lack it");
      scope.dependsOnData(line, table, reason + "; fails if a row holds NULL");
    }
    scope.locks(line, table, "looks through the table for NULL while all else waits");
  }

  /** Whether it is a column that was there before. */
  private static boolean change(Name table, String column, Scope scope, boolean notNull) {
    Known known = scope.known();
    boolean fresh = known.freshColumn(table, column).isPresent();
    known
        .column(table, column)
        .ifPresent(each -> known.column(table, each.withNotNull(notNull), true));
    return !fresh;
  }

  private static void dropDefault(Name table, String column, int line, Scope scope) {
    Known known = scope.known();
    Optional<Column> before = known.column(table, column);
    before.ifPresent(each -> known.column(table, each.withValue(Column.Value.NONE), true));
    boolean nullable = before.isPresent() && !before.get().notNull();
    if (!nullable) {
      scope.breaks(
          line,
          table,
          "takes the default of "
              + Name.of(column)
              + (before.isPresent() ? ", which is NOT NULL" : ": if it is NOT NULL, inserts fail"));
    }
  }
}
