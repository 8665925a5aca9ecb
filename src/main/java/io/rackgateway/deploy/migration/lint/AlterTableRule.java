package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;

/** ALTER TABLE, action by action. */
final class AlterTableRule {

  private final AddColumnRule addColumn = new AddColumnRule();
  private final AlterColumnRule alterColumn = new AlterColumnRule();
  private final ConstraintRule constraints = new ConstraintRule();

  void judge(Words words, int line, Scope scope) {
    if (words.accept("all", "in", "tablespace")) {
      scope.unclear(line, null, "moves all tables of a tablespace");
      return;
    }
    words.accept("if", "exists");
    words.accept("only");
    Name table = words.name();
    words.acceptSymbol("*");
    boolean fresh = scope.known().fresh(What.TABLE, table);
    for (Words action : words.parts()) {
      if (fresh) {
        onNew(table, action, scope);
      } else {
        action(table, action, action.line(), scope);
      }
    }
  }

  /** Nobody knows the table yet: only what it is called from now on matters. */
  private static void onNew(Name table, Words action, Scope scope) {
    if (action.accept("rename", "to")) {
      Name renamed = new Name(table.schema(), action.plainName());
      scope.known().create(Thing.of(What.TABLE, renamed));
    } else if (action.accept("set", "schema")) {
      Name moved = new Name(action.plainName(), table.name());
      scope.known().create(Thing.of(What.TABLE, moved));
    } else if (action.accept("attach", "partition")) {
      Name partition = action.name();
      if (!scope.known().fresh(What.TABLE, partition)) {
        scope.dependsOnData(
            action.line(), partition, "becomes a partition; fails if its rows do not fit");
        scope.locks(action.line(), partition, "is looked through while all else waits");
      }
    }
  }

  private void action(Name table, Words action, int line, Scope scope) {
    if (action.accept("add")) {
      add(table, action, line, scope);
    } else if (action.accept("drop", "constraint")) {
      constraints.drop(table, action, line, scope);
    } else if (action.accept("drop")) {
      dropColumn(table, action, line, scope);
    } else if (action.accept("alter", "constraint")) {
      scope.unclear(line, table, "changes when or whether a constraint is checked");
    } else if (action.accept("alter")) {
      action.accept("column");
      alterColumn.judge(table, action, line, scope);
    } else if (action.accept("validate", "constraint")) {
      scope.dependsOnData(
          line, table, "validates constraint " + action.plainName() + "; fails if rows violate it");
    } else if (action.accept("rename")) {
      rename(table, action, line, scope);
    } else if (action.accept("set")) {
      set(table, action, line, scope);
    } else if (action.accept("enable", "row", "level", "security")) {
      scope.breaks(
          line, table, "enables row level security: rows that no policy allows are not there");
    } else if (action.accept("force", "row", "level", "security")) {
      scope.breaks(line, table, "row level security now holds for the table's owner too");
    } else if (action.accept("attach", "partition")) {
      scope.dependsOnData(line, table, "attaches a partition; fails if rows do not fit");
      scope.locks(line, action.name(), "is looked through while all else waits");
    } else if (action.accept("detach", "partition")) {
      scope.breaks(
          line, table, "detaches partition " + action.name() + ": its rows are gone from it");
    } else if (!harmless(action)) {
      scope.unclear(line, table, "an action of ALTER TABLE that the lint knows nothing of");
    }
  }

  private static boolean harmless(Words action) {
    return action.next("no", "force", "row", "level", "security")
        || action.next("disable", "row", "level", "security")
        || action.next("cluster", "on")
        || action.next("reset");
  }

  private void add(Name table, Words action, int line, Scope scope) {
    if (Constraint.isNext(action)) {
      constraints.add(table, action, line, scope);
    } else {
      action.accept("column");
      addColumn.judge(table, action, line, scope);
    }
  }

  private static void dropColumn(Name table, Words action, int line, Scope scope) {
    action.accept("column");
    action.accept("if", "exists");
    String column = action.plainName();
    Thing thing = Thing.of(What.COLUMN, table, column);
    boolean fresh = scope.known().fresh(thing);
    scope.known().drop(thing);
    if (!fresh) {
      scope.breaks(line, table, "drops column " + Name.of(column));
    }
  }

  private static void rename(Name table, Words action, int line, Scope scope) {
    Known known = scope.known();
    if (action.accept("to")) {
      Name renamed = new Name(table.schema(), action.plainName());
      known.create(Thing.of(What.TABLE, renamed));
      scope.breaks(line, table, "renames the table to " + renamed);
    } else if (action.accept("constraint")) {
      scope.unclear(
          line,
          table,
          "renames constraint "
              + Name.of(action.plainName())
              + ", which code can ask for by its name");
    } else {
      action.accept("column");
      String from = action.plainName();
      if (!action.accept("to")) {
        throw new NotUnderstood("TO is missing");
      }
      String to = action.plainName();
      if (known.fresh(Thing.of(What.COLUMN, table, from))) {
        known.create(Thing.of(What.COLUMN, table, to));
      } else {
        scope.breaks(line, table, "renames column " + Name.of(from) + " to " + Name.of(to));
      }
    }
  }

  private static void set(Name table, Words action, int line, Scope scope) {
    if (action.accept("schema")) {
      scope.breaks(line, table, "moves the table to schema " + Name.of(action.plainName()));
    } else if (action.next("logged")
        || action.next("unlogged")
        || action.next("tablespace")
        || action.next("access", "method")) {
      scope.locks(line, table, "writes the table anew while all else waits");
    } else if (!action.nextSymbol("(") && !action.next("without")) {
      scope.unclear(line, table, "an action of ALTER TABLE that the lint knows nothing of");
    }
  }
}
