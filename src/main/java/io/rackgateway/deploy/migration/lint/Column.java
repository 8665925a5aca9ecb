package io.rackgateway.deploy.migration.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column as a migration defines it.
 *
 * @param type as written, words joined by blanks
 * @param value what a row gets that names no value for it
 * @param constraints those written with it, without NOT NULL
 */
record Column(
    String name, String type, boolean notNull, Value value, List<Constraint> constraints) {

  /** What a row gets that names no value for a column. */
  enum Value {
    NONE,
    /** The same value for all rows that are there: PostgreSQL need not write them anew. */
    CONSTANT,
    /** A value of its own for each row. */
    VOLATILE,
    /** The next number of a sequence, on which whoever inserts needs rights. */
    SEQUENCE,
    /** Computed from other columns and stored. */
    COMPUTED,
    /** Computed in a way that some values may make fail. */
    COMPUTED_MAY_FAIL
  }

  private static final Set<String> SERIAL =
      Set.of("smallserial", "serial", "bigserial", "serial2", "serial4", "serial8");
  private static final Set<String> END_OF_TYPE =
      Set.of(
          "not",
          "null",
          "default",
          "primary",
          "unique",
          "check",
          "references",
          "constraint",
          "generated",
          "collate",
          "storage",
          "compression",
          "deferrable",
          "initially");

  /** Reads {@code name type constraints…} to the end of the words. */
  static Column read(Words words) {
    return new Reader(words).read();
  }

  /** Whether a row of an earlier version, which does not name the column, gets NULL. */
  boolean nullForOthers() {
    return !notNull && value == Value.NONE;
  }

  Column withNotNull(boolean now) {
    return new Column(name, type, now, value, constraints);
  }

  Column withValue(Value now) {
    return new Column(name, type, notNull, now, constraints);
  }

  Column withType(String now) {
    return new Column(name, now, notNull, value, constraints);
  }

  private static final class Reader {
    private final Words words;
    private final List<Constraint> constraints = new ArrayList<>();
    private boolean notNull;
    private Value value = Value.NONE;

    Reader(Words words) {
      this.words = words;
    }

    Column read() {
      String name = words.plainName();
      String type = typeOf(words);
      if (SERIAL.contains(type)) {
        notNull = true;
        value = Value.SEQUENCE;
      }
      while (!words.done()) {
        constraint(name);
      }
      return new Column(name, type, notNull, value, List.copyOf(constraints));
    }

    private void constraint(String column) {
      String constraintName = words.accept("constraint") ? words.plainName() : null;
      if (words.accept("not", "null")) {
        notNull = true;
        words.accept("no", "inherit");
      } else if (words.accept("null")) {
        notNull = false;
      } else if (words.accept("default")) {
        value = Defaults.valueOf(expression());
      } else if (words.accept("generated")) {
        generated();
      } else if (words.accept("collate")) {
        words.name();
      } else if (words.accept("storage") || words.accept("compression")) {
        words.word();
      } else if (!Constraint.acceptAttribute(words)) {
        columnConstraint(column, constraintName);
      }
    }

    private void columnConstraint(String column, @Nullable String constraintName) {
      Constraint constraint = Constraint.readOfColumn(words, column, constraintName);
      notNull |= constraint.type() == Constraint.Type.PRIMARY_KEY;
      constraints.add(constraint);
    }

    private void generated() {
      boolean always = words.accept("always");
      if (!always && !words.accept("by", "default")) {
        throw new NotUnderstood(
            "GENERATED is followed by something else than ALWAYS or BY DEFAULT");
      }
      if (!words.accept("as")) {
        throw new NotUnderstood("AS is missing after GENERATED");
      }
      if (words.accept("identity")) {
        notNull = true;
        value = Value.VOLATILE;
        if (words.nextSymbol("(")) {
          words.parentheses();
        }
      } else {
        boolean mayFail = Expressions.mayFail(words.parentheses().rest());
        Value stored = mayFail ? Value.COMPUTED_MAY_FAIL : Value.COMPUTED;
        value = words.accept("virtual") ? Value.CONSTANT : stored;
        words.accept("stored");
      }
    }

    /** A default ends where the next constraint begins: none of their words can follow in it. */
    private List<SqlToken> expression() {
      List<SqlToken> expression = new ArrayList<>();
      do {
        if (words.nextSymbol("(")) {
          expression.addAll(parenthesised());
        } else {
          expression.add(words.token());
        }
      } while (!words.done() && !endOfType(words));
      return expression;
    }

    private List<SqlToken> parenthesised() {
      List<SqlToken> all = new ArrayList<>();
      all.add(words.rest().get(0));
      all.addAll(words.parentheses().rest());
      all.add(new SqlToken(SqlToken.Kind.SYMBOL, ")", words.line()));
      return all;
    }
  }

  /** Reads a type, up to the first word that cannot be part of one. */
  static String typeOf(Words words) {
    StringBuilder type = new StringBuilder();
    while (!words.done() && !endOfType(words) && !words.next("using")) {
      if (words.nextSymbol("(")) {
        type.append('(');
        words.parentheses().rest().forEach(token -> type.append(token.text()));
        type.append(')');
        continue;
      }
      SqlToken token = words.token();
      boolean apart = token.isName() && !type.isEmpty() && type.charAt(type.length() - 1) != '.';
      type.append(apart ? " " : "").append(token.text());
    }
    if (type.isEmpty()) {
      throw new NotUnderstood("a type is missing");
    }
    return type.toString();
  }

  private static boolean endOfType(Words words) {
    SqlToken token = words.rest().get(0);
    return token.kind() == SqlToken.Kind.WORD && END_OF_TYPE.contains(token.text());
  }
}
