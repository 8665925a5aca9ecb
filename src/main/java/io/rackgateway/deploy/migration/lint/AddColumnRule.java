package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;

/** ADD COLUMN: harmless where a row that does not name the column is still welcome. */
final class AddColumnRule {

  void judge(Name table, Words words, int line, Scope scope) {
    boolean unlessThere = words.accept("if", "not", "exists");
    Column column = Column.read(words);
    Known known = scope.known();
    if (unlessThere
        && known.column(table, column.name()).isPresent()
        && known.freshColumn(table, column.name()).isEmpty()) {
      return;
    }
    known.column(table, column, unlessThere);
    String name = Name.of(column.name()).toString();
    boolean alwaysNull = column.value() == Column.Value.NONE;
    if (column.notNull() && alwaysNull) {
      scope.breaks(
          line, table, "adds column " + name + " NOT NULL without a default: inserts fail");
      scope.dependsOnData(
          line,
          table,
          "adds column " + name + " NOT NULL without a default; fails if there are rows");
    }
    values(table, column, name, line, scope);
    for (Constraint constraint : column.constraints()) {
      constraint(table, column, constraint, line, scope);
    }
  }

  private static void values(Name table, Column column, String name, int line, Scope scope) {
    Column.Value value = column.value();
    if (value == Column.Value.SEQUENCE) {
      scope.unclear(
          line,
          table,
          "inserts take " + name + " from a sequence, for which the gateway needs rights");
    }
    if (value == Column.Value.COMPUTED_MAY_FAIL) {
      String reason = "computes " + name + " by an expression that a value may make fail";
      scope.breaks(line, table, reason);
      scope.dependsOnData(line, table, reason);
    }
    if (value != Column.Value.NONE && value != Column.Value.CONSTANT) {
      scope.locks(
          line,
          table,
          "gives each row its own value of "
              + name
              + ", so writes the table anew while all else waits");
    }
    boolean strict =
        scope
            .known()
            .detail(Thing.of(What.TYPE, Name.of(column.type())))
            .filter(CreateRule.STRICT::equals)
            .isPresent();
    if (strict) {
      scope.unclear(
          line, table, "the domain of " + name + " has rules, which old inserts have to meet too");
    }
  }

  private static void constraint(
      Name table, Column column, Constraint constraint, int line, Scope scope) {
    CreateTableRule.remember(table, constraint, false, scope.known());
    boolean own =
        column.value() == Column.Value.VOLATILE || column.value() == Column.Value.SEQUENCE;
    boolean unique =
        constraint.type() == Constraint.Type.UNIQUE
            || constraint.type() == Constraint.Type.PRIMARY_KEY;
    if (!(unique && own)) {
      NewConstraint.judge(table, constraint, constraint.type().words(), line, scope);
    }
    boolean foreignKeyOfNulls =
        constraint.type() == Constraint.Type.FOREIGN_KEY && column.value() == Column.Value.NONE;
    if (!foreignKeyOfNulls) {
      scope.locks(
          line,
          table,
          unique
              ? "builds an index while all else waits"
              : "looks through the table while all else waits");
    }
  }
}
