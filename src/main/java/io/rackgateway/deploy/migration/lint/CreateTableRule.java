package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;

/** CREATE TABLE: nothing that anybody knows yet, unless it hangs on a table that is there. */
final class CreateTableRule {

  void judge(CreateHead head, Words words, int line, Scope scope) {
    Name table = head.name();
    Known known = scope.known();
    // A temporary table hides another of its name for a while, and does not replace it.
    boolean unlessThere = head.unlessThere() || head.kind().startsWith("temporary");
    known.create(Thing.of(What.TABLE, table), "", unlessThere);
    if (words.accept("partition", "of")) {
      partition(words.name(), line, scope);
      return;
    }
    if (words.nextSymbol("(")) {
      Words inside = words.parentheses();
      if (!words.has("select") && !words.has("with")) {
        contents(table, inside, unlessThere, known);
      }
    }
    if (words.accept("inherits")) {
      inherits(words.parentheses(), line, scope);
    }
  }

  private static void partition(Name parent, int line, Scope scope) {
    if (!scope.known().fresh(What.TABLE, parent)) {
      scope.dependsOnData(
          line, parent, "adds a partition; fails if the default partition holds rows for it");
      scope.locks(line, parent, "looks through the default partition while all else waits");
    }
  }

  private static void inherits(Words parents, int line, Scope scope) {
    for (Words part : parents.parts()) {
      Name parent = part.name();
      if (!scope.known().fresh(What.TABLE, parent)) {
        scope.unclear(
            line, parent, "its rows will show in " + parent + ", where the previous version reads");
      }
    }
  }

  private static void contents(Name table, Words inside, boolean unlessThere, Known known) {
    for (Words part : inside.parts()) {
      if (part.done() || part.next("like")) {
        continue;
      }
      if (Constraint.isNext(part)) {
        remember(table, Constraint.read(part), unlessThere, known);
      } else {
        Column column = Column.read(part);
        known.column(table, column, unlessThere);
        column.constraints().forEach(each -> remember(table, each, unlessThere, known));
      }
    }
  }

  static void remember(Name table, Constraint constraint, boolean unlessThere, Known known) {
    constraint
        .nameOn(table)
        .ifPresent(
            name ->
                known.create(
                    Thing.of(What.CONSTRAINT, table, name), constraint.type().name(), unlessThere));
  }
}
