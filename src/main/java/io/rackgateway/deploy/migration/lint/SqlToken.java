package io.rackgateway.deploy.migration.lint;

/**
 * The smallest part of a statement.
 *
 * @param text a word in lower case; a quoted name or a string without its quotes; for {@link
 *     Kind#BROKEN}, what is wrong
 * @param line from 1
 * @param begin its place in the text, in characters from 0
 */
record SqlToken(Kind kind, String text, int line, int begin) {

  /** One that stands nowhere. */
  SqlToken(Kind kind, String text, int line) {
    this(kind, text, line, 0);
  }

  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL,
    /** Text that PostgreSQL could not read either, or not the way it stands here. */
    BROKEN
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }
}
