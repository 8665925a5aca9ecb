package io.rackgateway.deploy.migration.lint;

import java.util.List;
import java.util.Set;

/**
 * Whether a default is evaluated once for all rows that are there, or for each. PostgreSQL decides
 * by the volatility of the functions in it (its manual, chapter 38.7, and ALTER TABLE, notes).
 */
final class Defaults {

  /** Stable or immutable, of those that defaults are made of. */
  private static final Set<String> SAME_FOR_ALL =
      Set.of(
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "timezone",
          "date_trunc",
          "lower",
          "upper",
          "concat",
          "coalesce",
          "md5",
          "encode",
          "decode",
          "to_timestamp",
          "make_interval",
          "jsonb_build_object",
          "jsonb_build_array",
          "json_build_object",
          "json_build_array",
          "to_jsonb",
          "to_json",
          "current_setting",
          "current_schema",
          "current_database",
          "array",
          "varchar",
          "char",
          "character",
          "numeric",
          "decimal",
          "timestamp",
          "timestamptz",
          "time",
          "interval",
          "bit",
          "cast",
          "extract",
          "nullif",
          "abs",
          "sha256",
          "length",
          "repeat");

  private Defaults() {}

  static Column.Value valueOf(List<SqlToken> expression) {
    if (expression.get(0).isWord("null")) {
      return Column.Value.NONE;
    }
    for (int i = 0; i + 1 < expression.size(); i++) {
      SqlToken token = expression.get(i);
      boolean call = token.isName() && expression.get(i + 1).isSymbol("(");
      if (call && token.isWord("nextval")) {
        return Column.Value.SEQUENCE;
      }
      if (call && !SAME_FOR_ALL.contains(token.text())) {
        return Column.Value.VOLATILE;
      }
    }
    return Column.Value.CONSTANT;
  }
}
