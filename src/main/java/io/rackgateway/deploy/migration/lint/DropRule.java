package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DROP: what the previous version uses is gone, unless it is made anew. */
final class DropRule implements Rule {

  private static final Set<String> NOBODY_MISSES = Set.of("statistics", "event trigger");

  @Override
  public void judge(Words words, int line, Scope scope) {
    String kind = kind(words);
    boolean concurrently = words.accept("concurrently");
    words.accept("if", "exists");
    What what = what(kind);
    if (what == What.TRIGGER || what == What.POLICY) {
      ofTable(kind, what, words, line, scope);
    } else if (what == What.INDEX) {
      indexes(words, concurrently, line, scope);
    } else if (what != null) {
      boolean cascade = words.has("cascade");
      for (Words part : words.parts()) {
        dropped(kind, what, part.name(), cascade, line, scope);
      }
    } else if (kind.equals("owned")) {
      scope.breaks(line, null, "drops everything that a role owns");
    } else if (!NOBODY_MISSES.contains(kind)) {
      scope.unclear(line, null, "drops a kind of thing that the lint knows nothing of");
    }
  }

  private static String kind(Words words) {
    String first = words.word();
    List<String> pairs = List.of("materialized view", "event trigger");
    for (String pair : pairs) {
      String second = pair.substring(pair.indexOf(' ') + 1);
      if (pair.startsWith(first + " ") && words.accept(second)) {
        return pair;
      }
    }
    return first;
  }

  private static @Nullable What what(String kind) {
    return switch (kind) {
      case "table" -> What.TABLE;
      case "view", "materialized view" -> What.VIEW;
      case "index" -> What.INDEX;
      case "sequence" -> What.SEQUENCE;
      case "type", "domain" -> What.TYPE;
      case "function", "procedure", "routine", "aggregate" -> What.FUNCTION;
      case "schema" -> What.SCHEMA;
      case "trigger" -> What.TRIGGER;
      case "policy" -> What.POLICY;
      case "extension" -> What.EXTENSION;
      default -> null;
    };
  }

  private static void dropped(
      String kind, What what, Name name, boolean cascade, int line, Scope scope) {
    Known known = scope.known();
    Thing thing = Thing.of(what, name);
    // An overload that is new does not make an old function of the same name new.
    boolean fresh = known.fresh(what, name) && !(what == What.FUNCTION && known.wasBefore(thing));
    boolean ofTriggers =
        known.detail(thing).filter(detail -> detail.contains(FunctionBody.TRIGGER)).isPresent();
    known.drop(thing);
    if (fresh && !cascade) {
      return;
    }
    Name table = what == What.TABLE || what == What.VIEW ? name : null;
    boolean replaced = what == What.FUNCTION || what == What.VIEW;
    if (replaced && scope.isMadeLater(thing)) {
      scope.unclear(
          line,
          table,
          "drops "
              + kind
              + " "
              + name
              + " and makes it anew: compare both, and the rights on them");
    } else if (what == What.FUNCTION && ofTriggers && !cascade) {
      // Only triggers can call it, and PostgreSQL refuses to drop it while one does.
      return;
    } else {
      scope.breaks(
          line, table, "drops " + kind + " " + name + (cascade ? " and all that uses it" : ""));
    }
  }

  private static void ofTable(String kind, What what, Words words, int line, Scope scope) {
    String name = words.plainName();
    if (!words.accept("on")) {
      throw new NotUnderstood("ON is missing");
    }
    Name table = words.name();
    Known known = scope.known();
    Thing thing = Thing.of(what, table, name);
    boolean fresh = known.fresh(thing) || known.fresh(What.TABLE, table);
    known.drop(thing);
    if (fresh) {
      return;
    }
    String shown = kind + " " + Name.of(name) + " of " + table;
    if (scope.isMadeLater(thing)) {
      scope.unclear(
          line,
          table,
          "drops " + shown + " and makes it anew: compare both, and the rights on them");
    } else if (what == What.TRIGGER) {
      scope.breaks(line, table, "drops " + shown + ", on whose work the previous version may rely");
    } else {
      scope.breaks(
          line, table, "drops " + shown + ", which may be what lets the previous version see rows");
    }
  }

  private static void indexes(Words words, boolean concurrently, int line, Scope scope) {
    Known known = scope.known();
    if (concurrently) {
      scope.unclear(
          line,
          null,
          "DROP INDEX CONCURRENTLY fails in a transaction, and the gateway gives each migration one");
    }
    for (Words part : words.parts()) {
      Name name = part.name();
      Thing thing = Thing.of(What.INDEX, name);
      boolean fresh = known.fresh(thing);
      String detail = known.detail(thing).orElse("?");
      known.drop(thing);
      if (!fresh && detail.equals(CreateIndexRule.UNIQUE)) {
        scope.breaks(
            line, null, "drops the unique index " + name + ", which ON CONFLICT may ask for");
      } else if (!fresh && !detail.isEmpty()) {
        scope.unclear(
            line, null, "drops index " + name + ": if it is unique, ON CONFLICT may ask for it");
      }
    }
  }
}
