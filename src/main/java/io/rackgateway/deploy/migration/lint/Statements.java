package io.rackgateway.deploy.migration.lint;

import java.util.ArrayList;
import java.util.List;

/** Splits tokens into statements: at each semicolon outside parentheses and function bodies. */
final class Statements {

  private final List<List<SqlToken>> statements = new ArrayList<>();
  private List<SqlToken> current = new ArrayList<>();
  private int parentheses;

  /** How deep in the body of a function that is written as {@code BEGIN ATOMIC … END}. */
  private int blocks;

  private Statements() {}

  static List<List<SqlToken>> of(List<SqlToken> tokens) {
    Statements statements = new Statements();
    tokens.forEach(statements::take);
    statements.end();
    return statements.statements;
  }

  private void take(SqlToken token) {
    if (token.isSymbol(";") && parentheses == 0 && blocks == 0) {
      end();
      return;
    }
    if (token.isSymbol("(")) {
      parentheses++;
    } else if (token.isSymbol(")")) {
      parentheses = Math.max(0, parentheses - 1);
    } else if (parentheses == 0) {
      countBlocks(token);
    }
    current.add(token);
  }

  private void countBlocks(SqlToken token) {
    boolean atomic = token.isWord("atomic") && last("begin") && current.get(0).isWord("create");
    if (atomic) {
      blocks = 1;
    } else if (blocks > 0 && token.isWord("case")) {
      blocks++;
    } else if (blocks > 0 && token.isWord("end")) {
      blocks--;
    }
  }

  private boolean last(String word) {
    return !current.isEmpty() && current.get(current.size() - 1).isWord(word);
  }

  private void end() {
    if (!current.isEmpty()) {
      statements.add(List.copyOf(current));
    }
    current = new ArrayList<>();
    parentheses = 0;
    blocks = 0;
  }
}
