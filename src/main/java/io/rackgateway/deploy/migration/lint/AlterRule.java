package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.What;

/** ALTER of anything. */
final class AlterRule implements Rule {

  private final AlterTableRule tables = new AlterTableRule();

  @Override
  public void judge(Words words, int line, Scope scope) {
    words.accept("foreign");
    if (words.accept("table")) {
      tables.judge(words, line, scope);
    } else if (words.accept("index")) {
      other(What.INDEX, "index", words, line, scope);
    } else if (words.accept("view") || words.accept("materialized", "view")) {
      other(What.VIEW, "view", words, line, scope);
    } else if (words.accept("sequence")) {
      other(What.SEQUENCE, "sequence", words, line, scope);
    } else if (words.accept("type")) {
      other(What.TYPE, "type", words, line, scope);
    } else if (words.accept("domain")) {
      other(What.TYPE, "domain", words, line, scope);
    } else if (words.accept("schema")) {
      other(What.SCHEMA, "schema", words, line, scope);
    } else if (words.accept("function") || words.accept("procedure") || words.accept("routine")) {
      function(words, line, scope);
    } else if (!words.accept("default", "privileges") && !words.accept("statistics")) {
      scope.unclear(line, null, "alters a kind of thing that the lint knows nothing of");
    }
  }

  private static void function(Words words, int line, Scope scope) {
    Name name = words.name();
    if (words.nextSymbol("(")) {
      words.parentheses();
    }
    change(What.FUNCTION, "function", name, words, line, scope);
  }

  private static void other(What what, String kind, Words words, int line, Scope scope) {
    words.accept("if", "exists");
    change(what, kind, words.name(), words, line, scope);
  }

  private static void change(
      What what, String kind, Name name, Words words, int line, Scope scope) {
    if (scope.known().fresh(what, name) || harmless(kind, words)) {
      return;
    }
    Name table = what == What.VIEW ? name : null;
    boolean renamed =
        words.next("rename")
            || words.next("set", "schema")
            || words.next("drop", "attribute")
            || words.next("alter", "attribute");
    if (what == What.INDEX && renamed) {
      scope.unclear(
          line, null, "renames index " + name + ", which code can ask for by the name of its key");
    } else if (renamed) {
      scope.breaks(line, table, "renames " + kind + " " + name + ", or a part of it, or moves it");
    } else if (kind.equals("domain") && tightens(words)) {
      scope.breaks(line, null, "narrows domain " + name + ", so that values may be refused");
      if (!words.hasRow("not", "valid")) {
        scope.dependsOnData(
            line, null, "narrows domain " + name + "; fails if a value violates it");
      }
    } else {
      scope.unclear(
          line, table, "changes " + kind + " " + name + " in a way the lint cannot judge");
    }
  }

  private static boolean tightens(Words words) {
    return words.next("add") || words.next("set", "not", "null");
  }

  private static boolean harmless(String kind, Words words) {
    return switch (kind) {
      case "type" -> words.next("add", "value");
      case "domain" ->
          words.next("drop", "constraint")
              || words.next("set", "default")
              || words.next("validate");
      case "sequence" ->
          words.next("owned", "by") || words.next("cache") || words.next("increment");
      case "index" -> words.next("set") || words.next("reset") || words.next("attach");
      default -> false;
    };
  }
}
