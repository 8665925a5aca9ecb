package io.rackgateway.deploy.migration.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the rule for a statement by its first word. One without a rule is unclear. */
final class StatementLint {

  private static final Rule NOTHING = (words, line, scope) -> {};

  private final Map<String, Rule> rules =
      Map.ofEntries(
          Map.entry("create", new CreateRule()),
          Map.entry("alter", new AlterRule()),
          Map.entry("drop", new DropRule()),
          Map.entry("insert", DataRules::insert),
          Map.entry("update", DataRules::update),
          Map.entry("delete", DataRules::delete),
          Map.entry("truncate", DataRules::truncate),
          Map.entry("merge", DataRules::merge),
          Map.entry("select", DataRules::query),
          Map.entry("with", DataRules::query),
          Map.entry("values", DataRules::query),
          Map.entry("lock", MaintenanceRules::lock),
          Map.entry("vacuum", MaintenanceRules::vacuum),
          Map.entry("cluster", MaintenanceRules::cluster),
          Map.entry("reindex", MaintenanceRules::reindex),
          Map.entry("refresh", MaintenanceRules::refresh),
          Map.entry("set", MaintenanceRules::set),
          Map.entry("revoke", MaintenanceRules::revoke),
          Map.entry("begin", MaintenanceRules::transaction),
          Map.entry("start", MaintenanceRules::transaction),
          Map.entry("commit", MaintenanceRules::transaction),
          Map.entry("end", MaintenanceRules::transaction),
          Map.entry("rollback", MaintenanceRules::transaction),
          Map.entry("abort", MaintenanceRules::transaction),
          Map.entry("grant", NOTHING),
          Map.entry("comment", NOTHING),
          Map.entry("analyze", NOTHING),
          Map.entry("reset", NOTHING),
          Map.entry("do", StatementLint::block),
          Map.entry("call", StatementLint::call));

  void judge(List<SqlToken> statement, Scope scope) {
    SqlToken first = statement.get(0);
    Optional<SqlToken> broken =
        statement.stream().filter(token -> token.kind() == SqlToken.Kind.BROKEN).findFirst();
    if (broken.isPresent()) {
      scope.unclear(broken.get().line(), null, "the file has " + broken.get().text());
      return;
    }
    Words words = Words.of(statement);
    String word = words.word();
    Rule rule = rules.get(word);
    if (rule == null) {
      scope.unclear(first.line(), null, unknown(first));
      return;
    }
    try {
      rule.judge(words, first.line(), scope);
    } catch (NotUnderstood e) {
      scope.unclear(
          first.line(), null, "the lint does not understand this " + word + ": " + e.getMessage());
    }
  }

  private static String unknown(SqlToken first) {
    return first.isSymbol("\\")
        ? "a command of psql, which the server does not know"
        : "the lint does not know the statement '" + first.text() + "'";
  }

  private static void block(Words words, int line, Scope scope) {
    scope.unclear(line, null, "a DO block: what it does is decided when it runs");
  }

  private static void call(Words words, int line, Scope scope) {
    scope.unclear(line, null, "calls a procedure, and what that does is not seen here");
  }
}
