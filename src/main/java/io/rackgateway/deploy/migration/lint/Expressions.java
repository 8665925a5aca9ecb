package io.rackgateway.deploy.migration.lint;

import java.util.List;
import java.util.Set;

/** What can be told of an expression by looking at what it calls. */
final class Expressions {

  /** They take any value of their type, and give NULL for NULL. */
  private static final Set<String> TAME =
      Set.of(
          "lower",
          "upper",
          "length",
          "char_length",
          "octet_length",
          "btrim",
          "ltrim",
          "rtrim",
          "trim",
          "left",
          "right",
          "abs",
          "md5",
          "date_trunc",
          "cardinality",
          "array_length",
          "jsonb_typeof",
          "starts_with",
          "reverse");

  /** They take any value too, and make something else of NULL. */
  private static final Set<String> TAKE_NULL = Set.of("coalesce", "nullif", "concat", "concat_ws");

  /** Words that parentheses follow without a call. */
  private static final Set<String> NO_CALL =
      Set.of(
          "in", "and", "or", "not", "any", "all", "some", "array", "where", "when", "then", "else",
          "case", "between", "like", "ilike", "include", "with", "is", "from");

  private Expressions() {}

  /** Whether an old value may make it fail: a cast, a division, a function that may be choosy. */
  static boolean mayFail(List<SqlToken> expression) {
    for (int i = 0; i < expression.size(); i++) {
      SqlToken token = expression.get(i);
      boolean cast =
          token.isSymbol(":")
              && i > 0
              && !expression.get(i - 1).isSymbol(":")
              && expression.get(i - 1).kind() != SqlToken.Kind.STRING;
      if (cast || token.isSymbol("/") || token.isSymbol("%")) {
        return true;
      }
      if (isCall(expression, i)
          && !TAME.contains(token.text())
          && !TAKE_NULL.contains(token.text())) {
        return true;
      }
    }
    return false;
  }

  /** Whether it calls something that may make more of NULL than NULL. */
  static boolean callsMayTakeNull(List<SqlToken> expression) {
    for (int i = 0; i < expression.size(); i++) {
      if (isCall(expression, i) && !TAME.contains(expression.get(i).text())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCall(List<SqlToken> expression, int i) {
    return expression.get(i).isName()
        && i + 1 < expression.size()
        && expression.get(i + 1).isSymbol("(")
        && !NO_CALL.contains(expression.get(i).text());
  }
}
