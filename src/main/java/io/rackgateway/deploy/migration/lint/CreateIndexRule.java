package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.LinkedHashSet;
import java.util.Set;

/** CREATE INDEX: writers wait while it is built, and a unique one refuses what was allowed. */
final class CreateIndexRule {

  static final String UNIQUE = "unique";

  void judge(CreateHead head, boolean concurrently, Words words, int line, Scope scope) {
    Name table = head.table();
    if (table == null) {
      throw new NotUnderstood("an index without a table");
    }
    Known known = scope.known();
    Thing thing = head.thing();
    boolean unique = head.kind().equals("unique index");
    boolean there = thing != null && head.unlessThere() && known.wasBefore(thing);
    if (thing != null) {
      known.create(thing, unique ? UNIQUE : "", head.unlessThere());
    }
    if (there || known.fresh(What.TABLE, table)) {
      return;
    }
    if (concurrently) {
      scope.unclear(
          line,
          table,
          "CREATE INDEX CONCURRENTLY fails in a transaction, and the gateway gives each migration one");
    }
    if (words.accept("using")) {
      words.word();
    }
    if (Expressions.mayFail(words.rest())) {
      scope.breaks(
          line,
          table,
          "computes an expression for each row, which old or new values may make fail");
      scope.dependsOnData(line, table, "computes an expression that a value may make fail");
    }
    if (unique) {
      unique(table, words, line, scope);
    }
    if (!concurrently) {
      scope.locks(line, table, "builds an index while writers wait");
    }
  }

  private static void unique(Name table, Words words, int line, Scope scope) {
    Set<String> columns = new LinkedHashSet<>();
    for (Words part : words.parentheses().parts()) {
      boolean column = part.rest().stream().noneMatch(token -> token.isSymbol("("));
      columns.add(column ? part.plainName() : "");
    }
    boolean nulls = words.hasRow("nulls", "not", "distinct");
    Constraint constraint =
        new Constraint(null, Constraint.Type.UNIQUE, columns, nulls, true, false);
    NewConstraint.judge(table, constraint, "a unique index", line, scope);
  }
}
