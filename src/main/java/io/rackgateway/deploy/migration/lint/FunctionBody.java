package io.rackgateway.deploy.migration.lint;

import java.util.List;
import java.util.Set;

/** What can be told of a function by looking over it. */
final class FunctionBody {

  /** It is a function of triggers, so that no query can call it. */
  static final String TRIGGER = "trigger";

  /** It raises an error somewhere, or turns rows down. */
  static final String REFUSES = "refuses";

  private static final Set<String> HARMLESS_LEVELS =
      Set.of("debug", "log", "info", "notice", "warning");

  private FunctionBody() {}

  /** {@link #TRIGGER} and {@link #REFUSES}, joined by blanks, as far as they apply. */
  static String detail(Words words) {
    String detail = words.hasRow("returns", "trigger") ? TRIGGER : "";
    boolean refuses =
        words.rest().stream()
            .filter(token -> token.kind() == SqlToken.Kind.STRING)
            .anyMatch(body -> refuses(SqlLexer.tokens(body.text())));
    return refuses ? detail + " " + REFUSES : detail;
  }

  private static boolean refuses(List<SqlToken> body) {
    for (int i = 0; i < body.size(); i++) {
      boolean last = i + 1 >= body.size();
      if (body.get(i).isWord("raise")
          && !last
          && !HARMLESS_LEVELS.contains(body.get(i + 1).text())) {
        return true;
      }
      if (body.get(i).isWord("return") && !last && body.get(i + 1).isWord("null")) {
        return true;
      }
    }
    return false;
  }
}
