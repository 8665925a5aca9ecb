package io.rackgateway.deploy.migration.lint;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A constraint as a migration defines it.
 *
 * @param name null where none is written
 * @param columns those it judges; of a check, every word in it that could be one
 * @param judgesNull whether a row with NULL in these columns may violate it
 * @param validated whether it is held against the rows that are there
 * @param usingIndex whether it takes over an index
 */
record Constraint(
    @Nullable String name,
    Type type,
    Set<String> columns,
    boolean judgesNull,
    boolean validated,
    boolean usingIndex) {

  enum Type {
    CHECK("a check", "check"),
    UNIQUE("a unique constraint", "key"),
    PRIMARY_KEY("a primary key", "pkey"),
    FOREIGN_KEY("a foreign key", "fkey"),
    EXCLUDE("an exclusion constraint", "excl"),
    NOT_NULL("a not-null constraint", "not_null");

    private final String words;
    private final String suffix;

    Type(String words, String suffix) {
      this.words = words;
      this.suffix = suffix;
    }

    String words() {
      return words;
    }
  }

  /** Words in a check after which NULL is no longer let pass. */
  private static final Set<String> ON_NULL = Set.of("is", "isnull", "notnull", "case", "distinct");

  private static final Set<String> NO_COLUMN =
      Set.of(
          "and",
          "or",
          "not",
          "null",
          "in",
          "between",
          "symmetric",
          "like",
          "ilike",
          "similar",
          "to",
          "any",
          "all",
          "some",
          "array",
          "true",
          "false",
          "case",
          "when",
          "then",
          "else",
          "end",
          "is",
          "distinct",
          "from",
          "unknown",
          "as",
          "interval",
          "escape",
          "collate",
          "at",
          "time",
          "zone",
          "current_timestamp",
          "current_date",
          "value");

  /** Reads what follows ADD in ALTER TABLE, or stands in CREATE TABLE beside the columns. */
  static Constraint read(Words words) {
    String name = words.accept("constraint") ? words.plainName() : null;
    Type type = type(words);
    boolean nulls = words.accept("nulls", "not", "distinct");
    words.accept("nulls", "distinct");
    if (words.accept("using", "index")) {
      words.plainName();
      return new Constraint(name, type, Set.of(), true, true, true);
    }
    if (type == Type.EXCLUDE) {
      return new Constraint(name, type, Set.of(), true, true, false);
    }
    if (type == Type.NOT_NULL) {
      Set<String> column = Set.of(words.plainName());
      return new Constraint(name, type, column, true, !words.hasRow("not", "valid"), false);
    }
    Words inside = words.parentheses();
    boolean check = type == Type.CHECK;
    Set<String> columns = check ? columnsOf(inside.rest()) : listed(inside);
    boolean full = words.hasRow("match", "full");
    boolean judgesNull = nulls || full || type == Type.PRIMARY_KEY || (check && judgesNull(inside));
    boolean validated = !words.hasRow("not", "valid") && !words.hasRow("not", "enforced");
    return new Constraint(name, type, columns, judgesNull, validated, false);
  }

  /** Whether words that {@link #read} understands come next. */
  static boolean isNext(Words words) {
    return words.next("constraint")
        || words.next("check")
        || words.next("unique")
        || words.next("primary", "key")
        || words.next("foreign", "key")
        || words.next("exclude")
        || words.next("not", "null");
  }

  /** Reads a constraint that is written with its column, and nothing after it. */
  static Constraint readOfColumn(Words words, String column, @Nullable String name) {
    if (words.accept("check")) {
      Words inside = words.parentheses();
      Set<String> columns = columnsOf(inside.rest());
      words.accept("no", "inherit");
      return new Constraint(name, Type.CHECK, columns, judgesNull(inside), true, false);
    }
    if (words.accept("references")) {
      references(words);
      return new Constraint(name, Type.FOREIGN_KEY, Set.of(column), false, true, false);
    }
    boolean primary = words.accept("primary", "key");
    if (!primary && !words.accept("unique")) {
      throw new NotUnderstood("'" + words.token().text() + "' stands where a constraint should");
    }
    boolean nulls = words.accept("nulls", "not", "distinct");
    words.accept("nulls", "distinct");
    if (words.accept("with")) {
      words.parentheses();
    }
    if (words.accept("using", "index", "tablespace")) {
      words.plainName();
    }
    Type type = primary ? Type.PRIMARY_KEY : Type.UNIQUE;
    return new Constraint(name, type, Set.of(column), primary || nulls, true, false);
  }

  private static void references(Words words) {
    words.name();
    if (words.nextSymbol("(")) {
      words.parentheses();
    }
    while (!words.done()) {
      if (words.accept("match")) {
        words.word();
      } else if (words.accept("on")) {
        words.word();
        action(words);
      } else {
        return;
      }
    }
  }

  private static void action(Words words) {
    boolean set = words.accept("set", "null") || words.accept("set", "default");
    if (set && words.nextSymbol("(")) {
      words.parentheses();
    }
    if (!set && !words.accept("no", "action")) {
      words.word();
    }
  }

  static boolean acceptAttribute(Words words) {
    return words.accept("deferrable")
        || words.accept("not", "deferrable")
        || words.accept("initially", "deferred")
        || words.accept("initially", "immediate")
        || words.accept("enforced")
        || words.accept("not", "enforced");
  }

  private static Type type(Words words) {
    if (words.accept("check")) {
      return Type.CHECK;
    }
    if (words.accept("unique")) {
      return Type.UNIQUE;
    }
    if (words.accept("primary", "key")) {
      return Type.PRIMARY_KEY;
    }
    if (words.accept("foreign", "key")) {
      return Type.FOREIGN_KEY;
    }
    if (words.accept("exclude")) {
      return Type.EXCLUDE;
    }
    if (words.accept("not", "null")) {
      return Type.NOT_NULL;
    }
    throw new NotUnderstood("a constraint of another kind");
  }

  /** The name that PostgreSQL gives to one without. */
  Optional<String> nameOn(Name table) {
    String written = name;
    if (written != null) {
      return Optional.of(written);
    }
    if (type == Type.PRIMARY_KEY) {
      return Optional.of(table.name() + "_pkey");
    }
    return type != Type.CHECK || columns.size() == 1
        ? Optional.of(table.name() + "_" + String.join("_", columns) + "_" + type.suffix)
        : Optional.empty();
  }

  /** The type that the name of a constraint tells of, where PostgreSQL gave it that name. */
  static Optional<Type> typeByName(String name) {
    for (Type type : Type.values()) {
      if (name.endsWith("_" + type.suffix)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static Set<String> listed(Words inside) {
    Set<String> columns = new LinkedHashSet<>();
    for (Words part : inside.parts()) {
      columns.add(part.plainName());
    }
    return columns;
  }

  private static boolean judgesNull(Words check) {
    return Expressions.callsMayTakeNull(check.rest())
        || check.rest().stream()
            .anyMatch(
                token -> token.kind() == SqlToken.Kind.WORD && ON_NULL.contains(token.text()));
  }

  /** Names in an expression that are neither functions nor types of a cast. */
  static Set<String> columnsOf(List<SqlToken> expression) {
    Set<String> columns = new LinkedHashSet<>();
    for (int i = 0; i < expression.size(); i++) {
      SqlToken token = expression.get(i);
      boolean call = i + 1 < expression.size() && expression.get(i + 1).isSymbol("(");
      boolean cast = i > 0 && expression.get(i - 1).isSymbol(":");
      boolean keyword = token.kind() == SqlToken.Kind.WORD && NO_COLUMN.contains(token.text());
      if (token.isName() && !call && !cast && !keyword) {
        columns.add(token.text());
      }
    }
    return columns;
  }
}
