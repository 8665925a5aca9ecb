package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits SQL into tokens by the lexical rules of PostgreSQL (its manual, chapter 4.1), with {@code
 * standard_conforming_strings} on, as it is unless somebody turns it off. Operators come one
 * character at a time: nobody here needs them whole.
 */
final class SqlLexer {

  private final String sql;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int at;

  /** Where the token begins that is being read. */
  private int begin;

  private int line = 1;

  private SqlLexer(String sql) {
    this.sql = sql;
  }

  static List<SqlToken> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql.startsWith("\uFEFF") ? sql.substring(1) : sql);
    while (lexer.at < lexer.sql.length()) {
      lexer.next();
    }
    return List.copyOf(lexer.tokens);
  }

  private void next() {
    begin = at;
    char c = sql.charAt(at);
    if (isSpace(c)) {
      step(1);
    } else if (sql.startsWith("--", at)) {
      lineComment();
    } else if (sql.startsWith("/*", at)) {
      blockComment();
    } else if (c == '\'') {
      string(1, false);
    } else if (c == '"') {
      quotedName();
    } else if (prefixed("e")) {
      string(2, true);
    } else if (prefixed("b") || prefixed("x") || prefixed("n")) {
      string(2, false);
    } else if (sql.regionMatches(true, at, "u&'", 0, 3)) {
      string(3, false);
    } else if (c == '$' && dollarTag() > 0) {
      dollarString(dollarTag());
    } else if (isNameStart(c)) {
      word();
    } else if (isDigit(c)) {
      number();
    } else {
      add(Kind.SYMBOL, String.valueOf(c), line);
      step(1);
    }
  }

  private boolean prefixed(String letter) {
    return sql.regionMatches(true, at, letter + "'", 0, 2);
  }

  private void lineComment() {
    while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
      step(1);
    }
  }

  /** Comments in comments count, other than in most languages. */
  private void blockComment() {
    int first = line;
    int depth = 0;
    do {
      if (at >= sql.length()) {
        add(Kind.BROKEN, "a comment that does not end", first);
        return;
      }
      if (sql.startsWith("/*", at)) {
        depth++;
        step(2);
      } else if (sql.startsWith("*/", at)) {
        depth--;
        step(2);
      } else {
        step(1);
      }
    } while (depth > 0);
  }

  private void string(int opening, boolean backslashes) {
    int first = line;
    step(opening);
    StringBuilder text = new StringBuilder();
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (backslashes && c == '\\' && at + 1 < sql.length()) {
        text.append(sql.charAt(at + 1));
        step(2);
      } else if (sql.startsWith("''", at)) {
        text.append('\'');
        step(2);
      } else if (c == '\'') {
        step(1);
        add(Kind.STRING, text.toString(), first);
        return;
      } else {
        text.append(c);
        step(1);
      }
    }
    add(Kind.BROKEN, "a string that does not end", first);
  }

  private void quotedName() {
    int first = line;
    step(1);
    StringBuilder text = new StringBuilder();
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (sql.startsWith("\"\"", at)) {
        text.append('"');
        step(2);
      } else if (c == '"') {
        step(1);
        add(Kind.QUOTED, text.toString(), first);
        return;
      } else {
        text.append(c);
        step(1);
      }
    }
    add(Kind.BROKEN, "a quoted name that does not end", first);
  }

  /** The length of the {@code $tag$} that begins here; 0 where none does. */
  private int dollarTag() {
    int end = at + 1;
    while (end < sql.length() && (isNameStart(sql.charAt(end)) || isDigit(sql.charAt(end)))) {
      end++;
    }
    boolean closed = end < sql.length() && sql.charAt(end) == '$';
    boolean digitFirst = closed && isDigit(sql.charAt(at + 1));
    return closed && !digitFirst ? end + 1 - at : 0;
  }

  private void dollarString(int tagLength) {
    int first = line;
    String tag = sql.substring(at, at + tagLength);
    int end = sql.indexOf(tag, at + tagLength);
    if (end < 0) {
      step(sql.length() - at);
      add(Kind.BROKEN, "a string that does not end", first);
      return;
    }
    String text = sql.substring(at + tagLength, end);
    step(end + tagLength - at);
    add(Kind.STRING, text, first);
  }

  private void word() {
    while (at < sql.length()
        && (isNameStart(sql.charAt(at)) || isDigit(sql.charAt(at)) || sql.charAt(at) == '$')) {
      step(1);
    }
    add(Kind.WORD, sql.substring(begin, at).toLowerCase(Locale.ROOT), line);
  }

  private void number() {
    while (at < sql.length()
        && (isDigit(sql.charAt(at)) || sql.charAt(at) == '.' || isNameStart(sql.charAt(at)))) {
      step(1);
    }
    add(Kind.NUMBER, sql.substring(begin, at), line);
  }

  private void add(Kind kind, String text, int onLine) {
    tokens.add(new SqlToken(kind, text, onLine, begin));
  }

  private void step(int characters) {
    for (int i = 0; i < characters; i++) {
      char c = sql.charAt(at);
      boolean windows = c == '\r' && at + 1 < sql.length() && sql.charAt(at + 1) == '\n';
      if (c == '\n' || (c == '\r' && !windows)) {
        line++;
      }
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }
}
