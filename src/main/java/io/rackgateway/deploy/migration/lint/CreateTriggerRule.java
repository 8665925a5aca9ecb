package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;

/** CREATE TRIGGER: it will run for the previous version's writes too. */
final class CreateTriggerRule {

  void judge(CreateHead head, Words words, int line, Scope scope) {
    Name table = head.table();
    Thing thing = head.thing();
    if (table == null || thing == null) {
      throw new NotUnderstood("a trigger without a table");
    }
    Known known = scope.known();
    boolean onNew = known.fresh(What.TABLE, table) || known.fresh(What.VIEW, table);
    if (!onNew) {
      String name = head.name().toString();
      if (known
          .detail(Thing.of(What.FUNCTION, function(words)))
          .filter(detail -> detail.contains(FunctionBody.REFUSES))
          .isPresent()) {
        scope.breaks(
            line,
            table,
            "trigger " + name + " runs with the previous version's writes and can refuse them");
      } else {
        scope.unclear(
            line, table, "trigger " + name + " runs with the previous version's writes too");
      }
    }
    known.create(thing);
  }

  private static Name function(Words words) {
    while (!words.accept("execute")) {
      words.token();
    }
    if (!words.accept("function") && !words.accept("procedure")) {
      throw new NotUnderstood("EXECUTE names no function");
    }
    return words.name();
  }
}
