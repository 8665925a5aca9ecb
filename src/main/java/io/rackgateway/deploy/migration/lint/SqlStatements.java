package io.rackgateway.deploy.migration.lint;

import java.util.ArrayList;
import java.util.List;

/** Splits the text of a migration into its statements, by PostgreSQL's own rules. */
public final class SqlStatements {

  private SqlStatements() {}

  /**
   * A statement, with the semicolon after it and what comments follow.
   *
   * @param line where it begins in the text, from 1
   */
  public record SqlStatement(int line, String text) {

    /** Its beginning on one line, for messages. */
    public String beginning() {
      String line = text.strip().replaceAll("\\s+", " ").replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
      return line.length() > 100 ? line.substring(0, 99) + "…" : line;
    }
  }

  /** The statements in their order; text without any has none. */
  public static List<SqlStatement> of(String sql) {
    String text = sql.startsWith("\uFEFF") ? sql.substring(1) : sql;
    List<List<SqlToken>> all = Statements.of(SqlLexer.tokens(text));
    List<SqlStatement> statements = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      SqlToken first = all.get(i).get(0);
      int end = i + 1 < all.size() ? all.get(i + 1).get(0).begin() : text.length();
      statements.add(new SqlStatement(first.line(), text.substring(first.begin(), end)));
    }
    return statements;
  }
}
