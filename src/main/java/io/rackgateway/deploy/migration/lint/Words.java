package io.rackgateway.deploy.migration.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads through the tokens of a statement, or of a part of one. */
final class Words {

  private final List<SqlToken> tokens;
  private final int firstLine;
  private int at;

  Words(List<SqlToken> tokens, int firstLine) {
    this.tokens = tokens;
    this.firstLine = firstLine;
  }

  static Words of(List<SqlToken> statement) {
    return new Words(statement, statement.get(0).line());
  }

  boolean done() {
    return at >= tokens.size();
  }

  /** The line of the next token; of the first one when there is none. */
  int line() {
    return done() ? firstLine : tokens.get(at).line();
  }

  /** Those that were not read yet. */
  List<SqlToken> rest() {
    return tokens.subList(at, tokens.size());
  }

  /** The same tokens from here on, read apart. */
  Words copy() {
    return new Words(rest(), line());
  }

  /** Whether these words come next. */
  boolean next(String... words) {
    if (at + words.length > tokens.size()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(at + i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Reads these words, if they come next. */
  boolean accept(String... words) {
    boolean found = next(words);
    if (found) {
      at += words.length;
    }
    return found;
  }

  boolean nextSymbol(String symbol) {
    return !done() && tokens.get(at).isSymbol(symbol);
  }

  boolean acceptSymbol(String symbol) {
    boolean found = nextSymbol(symbol);
    if (found) {
      at++;
    }
    return found;
  }

  /** Whether this word stands somewhere in the rest. */
  boolean has(String word) {
    return rest().stream().anyMatch(token -> token.isWord(word));
  }

  /** Whether these words stand in a row somewhere in the rest. */
  boolean hasRow(String... words) {
    for (int i = at; i + words.length <= tokens.size(); i++) {
      Words from = new Words(tokens.subList(i, tokens.size()), firstLine);
      if (from.next(words)) {
        return true;
      }
    }
    return false;
  }

  /** Reads one token, whatever it is. */
  SqlToken token() {
    if (done()) {
      throw new NotUnderstood("it ends early");
    }
    return tokens.get(at++);
  }

  /** Reads one word, or the empty word where another kind of token comes next. */
  String word() {
    return !done() && tokens.get(at).kind() == SqlToken.Kind.WORD ? tokens.get(at++).text() : "";
  }

  /** Reads a name without a schema. */
  String plainName() {
    SqlToken token = token();
    if (!token.isName()) {
      throw new NotUnderstood("'" + token.text() + "' stands where a name should");
    }
    return token.text();
  }

  /** Reads a name, with its schema where one is written. */
  Name name() {
    String last = plainName();
    String schema = null;
    while (nextSymbol(".")) {
      at++;
      schema = last;
      last = plainName();
    }
    return new Name(schema, last);
  }

  /** Reads what stands in the parentheses that come next. */
  Words parentheses() {
    int line = line();
    if (!acceptSymbol("(")) {
      throw new NotUnderstood("parentheses are missing");
    }
    int begin = at;
    int depth = 1;
    while (depth > 0) {
      SqlToken token = token();
      if (token.isSymbol("(")) {
        depth++;
      } else if (token.isSymbol(")")) {
        depth--;
      }
    }
    return new Words(tokens.subList(begin, at - 1), line);
  }

  /** The rest, split at the commas that stand in no parentheses or brackets. */
  List<Words> parts() {
    List<Words> parts = new ArrayList<>();
    int begin = at;
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.isSymbol("(") || token.isSymbol("[")) {
        depth++;
      } else if (token.isSymbol(")") || token.isSymbol("]")) {
        depth--;
      } else if (token.isSymbol(",") && depth == 0) {
        parts.add(part(begin, i));
        begin = i + 1;
      }
    }
    parts.add(part(begin, tokens.size()));
    at = tokens.size();
    return parts;
  }

  /** The rest up to the first of these words that stands in no parentheses. */
  Words before(String... words) {
    Set<String> ends = Set.of(words);
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.isSymbol("(")) {
        depth++;
      } else if (token.isSymbol(")")) {
        depth--;
      } else if (depth == 0 && token.kind() == SqlToken.Kind.WORD && ends.contains(token.text())) {
        return part(at, i);
      }
    }
    return copy();
  }

  private Words part(int from, int to) {
    return new Words(tokens.subList(from, to), from < to ? tokens.get(from).line() : firstLine);
  }
}
