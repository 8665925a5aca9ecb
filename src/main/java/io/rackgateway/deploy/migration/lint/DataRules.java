package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.Set;

/** Statements that read and write rows. */
final class DataRules {

  private static final Set<String> HARMLESS_FUNCTIONS =
      Set.of(
          "setval",
          "nextval",
          "current_setting",
          "pg_advisory_xact_lock",
          "now",
          "count",
          "max",
          "min",
          "sum",
          "avg",
          "coalesce",
          "greatest",
          "least",
          "lower",
          "upper",
          "exists",
          "in",
          "values",
          "pg_get_serial_sequence",
          "format",
          "array",
          "row",
          "filter",
          "over",
          "cast",
          "extract",
          "length",
          "md5",
          "gen_random_uuid",
          "pg_sleep",
          "as",
          "and",
          "or",
          "not",
          "where",
          "from",
          "select",
          "with",
          "on",
          "using",
          "any",
          "all");

  private DataRules() {}

  /** UPDATE: a backfill of new columns concerns nobody else, but keeps rows locked. */
  static void update(Words words, int line, Scope scope) {
    words.accept("only");
    Name table = words.name();
    Known known = scope.known();
    known.update(table);
    if (known.fresh(What.TABLE, table)) {
      return;
    }
    while (!words.accept("set")) {
      words.token();
    }
    if (!setsNewColumnsOnly(table, words.copy(), known)) {
      scope.unclear(line, table, "changes values that the previous version reads");
    }
    scope.locks(line, table, "rows that it updates stay locked until the migration ends");
  }

  private static boolean setsNewColumnsOnly(Name table, Words words, Known known) {
    for (Words part : words.before("from", "where", "returning").parts()) {
      if (part.nextSymbol("(")) {
        for (Words column : part.parentheses().parts()) {
          if (known.freshColumn(table, column.plainName()).isEmpty()) {
            return false;
          }
        }
      } else if (known.freshColumn(table, part.plainName()).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  static void delete(Words words, int line, Scope scope) {
    if (!words.accept("from")) {
      throw new NotUnderstood("FROM is missing");
    }
    words.accept("only");
    Name table = words.name();
    if (scope.known().fresh(What.TABLE, table)) {
      return;
    }
    if (words.has("where")) {
      scope.unclear(line, table, "deletes rows: only restoring the database brings them back");
    } else {
      scope.breaks(line, table, "deletes every row: only restoring the database brings them back");
    }
    scope.locks(line, table, "rows that it deletes stay locked until the migration ends");
  }

  static void truncate(Words words, int line, Scope scope) {
    words.accept("table");
    boolean cascade = words.has("cascade");
    for (Words part : words.parts()) {
      part.accept("only");
      Name table = part.name();
      if (!scope.known().fresh(What.TABLE, table) || cascade) {
        scope.breaks(
            line,
            table,
            "deletes every row"
                + (cascade ? ", and those that refer to them" : "")
                + ": only restoring the database brings them back");
      }
    }
  }

  /** INSERT adds rows, as the gateway does all day. */
  static void insert(Words words, int line, Scope scope) {
    if (!words.accept("into")) {
      throw new NotUnderstood("INTO is missing");
    }
    Name table = words.name();
    scope.known().update(table);
    if (words.hasRow("do", "update") && !scope.known().fresh(What.TABLE, table)) {
      scope.unclear(line, table, "changes values that the previous version may read");
    }
  }

  /** SELECT, WITH and VALUES: harmless where they call nothing that may do anything. */
  static void query(Words words, int line, Scope scope) {
    for (String writing : new String[] {"update", "delete", "merge"}) {
      boolean lockOnly = writing.equals("update") && words.hasRow("for", "update");
      if (words.has(writing) && !lockOnly) {
        scope.unclear(line, null, "a query that also changes rows");
        return;
      }
    }
    for (int i = 0; i + 1 < words.rest().size(); i++) {
      SqlToken token = words.rest().get(i);
      boolean call = token.isName() && words.rest().get(i + 1).isSymbol("(");
      if (call && !HARMLESS_FUNCTIONS.contains(token.text())) {
        scope.unclear(
            line, null, "calls " + Name.of(token.text()) + ", and what that does is not seen here");
        return;
      }
    }
  }

  static void merge(Words words, int line, Scope scope) {
    if (!words.accept("into")) {
      throw new NotUnderstood("INTO is missing");
    }
    words.accept("only");
    Name table = words.name();
    scope.known().update(table);
    if (!scope.known().fresh(What.TABLE, table)) {
      scope.unclear(line, table, "changes values that the previous version reads");
      scope.locks(line, table, "rows that it changes stay locked until the migration ends");
    }
  }
}
