package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.Set;

/** Statements about locks, storage and settings. */
final class MaintenanceRules {

  private static final String NO_TRANSACTION =
      " fails in a transaction, and the gateway gives each migration one";

  private static final Set<String> READING_CHANGES =
      Set.of("search_path", "standard_conforming_strings", "schema", "role", "authorization");

  private MaintenanceRules() {}

  static void lock(Words words, int line, Scope scope) {
    words.accept("table");
    for (Words part : words.parts()) {
      part.accept("only");
      Name table = part.name();
      boolean light = part.hasRow("in", "access", "share") || part.hasRow("in", "row");
      if (!light && !scope.known().fresh(What.TABLE, table)) {
        scope.locks(line, table, "locks the table until the migration ends");
      }
    }
  }

  static void vacuum(Words words, int line, Scope scope) {
    scope.unclear(line, null, "VACUUM" + NO_TRANSACTION);
  }

  static void cluster(Words words, int line, Scope scope) {
    words.accept("verbose");
    if (words.done()) {
      scope.unclear(line, null, "CLUSTER of all tables" + NO_TRANSACTION);
      return;
    }
    Name table = words.name();
    if (words.accept("on")) {
      table = words.name();
    }
    scope.locks(line, table, "writes the table anew while all else waits");
  }

  static void reindex(Words words, int line, Scope scope) {
    if (words.nextSymbol("(")) {
      words.parentheses();
    }
    String kind = words.word();
    boolean concurrently = words.accept("concurrently");
    if (concurrently || !(kind.equals("table") || kind.equals("index"))) {
      scope.unclear(line, null, "REINDEX CONCURRENTLY, or of more than a table," + NO_TRANSACTION);
      return;
    }
    Name name = words.name();
    scope.locks(
        line,
        kind.equals("table") ? name : null,
        "builds indexes anew while writers wait: " + name);
  }

  static void refresh(Words words, int line, Scope scope) {
    if (!words.accept("materialized", "view")) {
      throw new NotUnderstood("only a materialized view can be refreshed");
    }
    boolean concurrently = words.accept("concurrently");
    Name view = words.name();
    if (!concurrently && !scope.known().fresh(What.VIEW, view)) {
      scope.locks(line, view, "computes the view anew while its readers wait");
    }
  }

  /** SET: some settings decide how the rest of the file is read. */
  static void set(Words words, int line, Scope scope) {
    words.accept("local");
    words.accept("session");
    String name = words.word();
    if (READING_CHANGES.contains(name)) {
      scope.unclear(
          line,
          null,
          "sets " + name + ", so that what follows may mean other things than it seems");
    }
  }

  static void transaction(Words words, int line, Scope scope) {
    scope.unclear(
        line, null, "begins or ends a transaction, and the gateway gives each migration its own");
  }

  static void revoke(Words words, int line, Scope scope) {
    boolean onSomething = words.has("on");
    if (!onSomething) {
      scope.breaks(line, null, "takes a role's membership, which the previous version may rely on");
      return;
    }
    while (!words.accept("on")) {
      words.token();
    }
    if (words.accept("all")) {
      revokeInSchema(words, line, scope);
      return;
    }
    What what = what(words);
    for (Words part : words.parts()) {
      Name name = part.name();
      if (!scope.known().fresh(what, name)) {
        scope.breaks(
            line,
            what == What.TABLE ? name : null,
            "takes rights on " + name + ", which the previous version may rely on");
      }
    }
  }

  private static void revokeInSchema(Words words, int line, Scope scope) {
    while (!words.accept("schema")) {
      words.token();
    }
    Name schema = words.name();
    if (!scope.known().fresh(What.SCHEMA, schema)) {
      scope.breaks(
          line, null, "takes rights on all in schema " + schema + ", which may be relied on");
    }
  }

  private static What what(Words words) {
    words.accept("table");
    if (words.accept("sequence")) {
      return What.SEQUENCE;
    }
    if (words.accept("schema")) {
      return What.SCHEMA;
    }
    if (words.accept("function") || words.accept("procedure") || words.accept("routine")) {
      return What.FUNCTION;
    }
    return words.accept("type") || words.accept("domain") ? What.TYPE : What.TABLE;
  }
}
