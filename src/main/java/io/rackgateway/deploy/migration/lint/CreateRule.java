package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;

/** CREATE: mostly something new, which no earlier version can mind. */
final class CreateRule implements Rule {

  /** A domain that does not take every value. */
  static final String STRICT = "strict";

  private final CreateTableRule tables = new CreateTableRule();
  private final CreateIndexRule indexes = new CreateIndexRule();
  private final CreateTriggerRule triggers = new CreateTriggerRule();

  @Override
  public void judge(Words words, int line, Scope scope) {
    boolean concurrently = words.has("concurrently");
    CreateHead head = CreateHead.read(words);
    switch (head.kind()) {
      case "table", "temporary table" -> tables.judge(head, words, line, scope);
      case "index", "unique index" -> indexes.judge(head, concurrently, words, line, scope);
      case "trigger" -> triggers.judge(head, words, line, scope);
      case "function", "procedure", "view" -> replaceable(head, words, line, scope);
      case "policy" -> policy(head, words, line, scope);
      case "schema" -> schema(head, words, line, scope);
      case "extension" -> extension(head, line, scope);
      case "materialized view",
          "temporary view",
          "sequence",
          "temporary sequence",
          "type",
          "aggregate" ->
          remember(head, "", scope);
      case "domain" -> remember(head, strictness(words), scope);
      case "statistics", "collation" -> {
        // Known to planners and sorts only.
      }
      default ->
          scope.unclear(
              line, head.table(), "creates a kind of thing that the lint knows nothing of");
    }
  }

  private static void remember(CreateHead head, String detail, Scope scope) {
    Thing thing = head.thing();
    if (thing != null) {
      scope.known().create(thing, detail, head.unlessThere());
    }
  }

  private static String strictness(Words words) {
    return words.has("check") || words.hasRow("not", "null") ? STRICT : "";
  }

  private static void replaceable(CreateHead head, Words words, int line, Scope scope) {
    Thing thing = head.thing();
    What what = head.what();
    if (thing == null || what == null) {
      throw new NotUnderstood("it has no name");
    }
    Known known = scope.known();
    Name view = what == What.VIEW ? head.name() : null;
    String shown = head.kind() + " " + head.name();
    if (head.orReplace() && known.mayBeThere(thing) && !known.fresh(what, head.name())) {
      scope.unclear(
          line, view, "replaces " + shown + ": the previous version will work with the new one");
    } else if (!head.orReplace() && known.wasBefore(thing) && !known.wasDropped(thing)) {
      scope.unclear(
          line, view, "adds another " + shown + ", so that calls may no longer be unambiguous");
    }
    String detail = what == What.FUNCTION ? FunctionBody.detail(words) : "";
    known.create(thing, detail, head.orReplace());
  }

  private static void policy(CreateHead head, Words words, int line, Scope scope) {
    Name table = head.table();
    if (table != null
        && words.hasRow("as", "restrictive")
        && !scope.known().fresh(What.TABLE, table)) {
      scope.breaks(line, table, "adds a restrictive policy, which hides or refuses rows");
    }
    remember(head, "", scope);
  }

  private static void schema(CreateHead head, Words words, int line, Scope scope) {
    remember(head, "", scope);
    if (words.has("create") || words.has("grant")) {
      scope.unclear(line, null, "creates more than the schema in one statement");
    }
  }

  private static void extension(CreateHead head, int line, Scope scope) {
    Thing thing = head.thing();
    if (thing != null && scope.known().wasBefore(thing) && head.unlessThere()) {
      return;
    }
    remember(head, "", scope);
    scope.unclear(
        line,
        null,
        "creates the extension "
            + head.name()
            + ": the server must have it, and the role that migrates the right to create it");
  }
}
