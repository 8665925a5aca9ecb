package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a CREATE statement.
 *
 * @param table whose index, trigger or policy it is; null for anything else
 * @param what null for what is not kept track of
 * @param unlessThere whether it says IF NOT EXISTS
 */
record CreateHead(
    String kind,
    @Nullable What what,
    @Nullable Thing thing,
    Name name,
    @Nullable Name table,
    boolean orReplace,
    boolean unlessThere) {

  /** Reads what follows CREATE, up to and with the name. */
  static CreateHead read(Words words) {
    boolean orReplace = words.accept("or", "replace");
    String kind = kind(words);
    words.accept("concurrently");
    boolean unlessThere = words.accept("if", "not", "exists");
    What what = what(kind);
    if (kind.equals("index") || kind.equals("unique index")) {
      return index(words, kind, unlessThere);
    }
    if (kind.equals("schema")) {
      words.accept("authorization");
    }
    Name name = words.name();
    if (what == What.TRIGGER || what == What.POLICY) {
      Name table = tableAfterOn(words);
      Thing thing = Thing.of(what, table, name.name());
      return new CreateHead(kind, what, thing, name, table, orReplace, unlessThere);
    }
    Thing thing = what == null ? null : Thing.of(what, name);
    return new CreateHead(kind, what, thing, name, null, orReplace, unlessThere);
  }

  /** What a statement makes, where it is a CREATE of something that is kept track of. */
  static Optional<Thing> made(Words statement) {
    if (!statement.accept("create")) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(read(statement).thing());
    } catch (NotUnderstood e) {
      return Optional.empty();
    }
  }

  private static CreateHead index(Words words, String kind, boolean unlessThere) {
    Name name = words.next("on") ? Name.of("") : words.name();
    if (!words.accept("on")) {
      throw new NotUnderstood("ON is missing");
    }
    words.accept("only");
    Name table = words.name();
    Thing thing = name.name().isEmpty() ? null : Thing.of(What.INDEX, name);
    return new CreateHead(kind, What.INDEX, thing, name, table, false, unlessThere);
  }

  private static Name tableAfterOn(Words words) {
    while (!words.accept("on")) {
      words.token();
    }
    return words.name();
  }

  private static String kind(Words words) {
    words.accept("global");
    words.accept("local");
    boolean temporary = words.accept("temporary") || words.accept("temp");
    words.accept("unlogged");
    words.accept("recursive");
    words.accept("constraint");
    words.accept("trusted");
    words.accept("procedural");
    String first = words.word();
    if (first.equals("unique") && words.accept("index")) {
      return "unique index";
    }
    if (first.equals("materialized") && words.accept("view")) {
      return "materialized view";
    }
    if (first.equals("event") && words.accept("trigger")) {
      return "event trigger";
    }
    return temporary ? "temporary " + first : first;
  }

  private static @Nullable What what(String kind) {
    return switch (kind) {
      case "table", "temporary table" -> What.TABLE;
      case "view", "materialized view", "temporary view" -> What.VIEW;
      case "index", "unique index" -> What.INDEX;
      case "sequence", "temporary sequence" -> What.SEQUENCE;
      case "type", "domain" -> What.TYPE;
      case "function", "procedure", "aggregate" -> What.FUNCTION;
      case "schema" -> What.SCHEMA;
      case "trigger" -> What.TRIGGER;
      case "policy" -> What.POLICY;
      case "extension" -> What.EXTENSION;
      default -> null;
    };
  }
}
