package io.rackgateway.deploy.verify.platform;

/**
 * What is the same each time an error is logged: its line without times, numbers, ids, addresses
 * and quoted values. {@code 2025/01/29 12:34:56 ERROR dial tcp 10.0.0.7:5432: i/o timeout} and the
 * same of another day and machine have the signature {@code ERROR dial tcp #: i/o timeout}.
 *
 * <p>One pass over the line without regular expressions, as a log may hold nothing but errors.
 */
public final class ErrorSignature {

  /** What stands for anything that differs. */
  private static final char ANY = '#';

  private static final int LONGEST = 200;

  /** More of the line than makes the longest signature, whatever it shrinks to. */
  private static final int EXAMINED = 1_000;

  /** A name with a number at its end is shorter than this: {@code worker12}, {@code http2}. */
  private static final int NUMBERED_NAME = 10;

  private static final int HEX_WORD = 8;

  private final String line;
  private final int end;
  private final StringBuilder signature = new StringBuilder(LONGEST);

  private ErrorSignature(String line) {
    this.line = line;
    this.end = Math.min(line.length(), EXAMINED);
  }

  /** The signature of a line; never longer than 200 characters. */
  public static String of(String line) {
    return new ErrorSignature(line).read();
  }

  private String read() {
    int i = 0;
    while (i < end && signature.length() < LONGEST) {
      char c = line.charAt(i);
      if (c == '"' || c == '`' || c == '\'') {
        i = quoted(i, c);
      } else if (partOfToken(c)) {
        i = token(i);
      } else {
        other(c);
        i++;
      }
    }
    String text = signature.toString().strip();
    // A time at the beginning says nothing.
    int begin = 0;
    while (begin < text.length() && " #[]|-".indexOf(text.charAt(begin)) >= 0) {
      begin++;
    }
    String rest = begin == text.length() ? text : text.substring(begin);
    return rest.length() > LONGEST ? rest.substring(0, LONGEST) : rest;
  }

  private void other(char c) {
    char shown = c <= ' ' ? ' ' : c;
    int last = signature.length() - 1;
    if (shown != ' ' || (last >= 0 && signature.charAt(last) != ' ')) {
      signature.append(shown);
    }
  }

  /** A quoted value; a quote that is not closed, or stands within a word, is a character. */
  private int quoted(int begin, char quote) {
    boolean apostrophe =
        quote == '\'' && begin > 0 && Character.isLetterOrDigit(line.charAt(begin - 1));
    int close = apostrophe ? -1 : closing(begin + 1, quote);
    if (close < 0) {
      other(quote);
      return begin + 1;
    }
    boolean name = close + 1 < end && line.charAt(close + 1) == ':' && quote == '"';
    if (name) {
      // The name of a JSON member is no value.
      signature.append(line, begin, close + 1);
    } else {
      signature.append(quote).append(ANY).append(quote);
    }
    return close + 1;
  }

  private int closing(int from, char quote) {
    for (int i = from; i < end; i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == quote) {
        return i;
      }
    }
    return -1;
  }

  private static boolean partOfToken(char c) {
    return isAlphanumeric(c) || "._:/@+-%~&?".indexOf(c) >= 0;
  }

  private int token(int begin) {
    int stop = begin;
    while (stop < end && partOfToken(line.charAt(stop))) {
      stop++;
    }
    // What ends a sentence or introduces the next part is not the token's.
    int last = stop;
    while (last > begin && !isAlphanumeric(line.charAt(last - 1))) {
      last--;
    }
    int scheme = find("://", begin, last);
    if (scheme > begin) {
      signature.append(line, begin, scheme).append("://").append(ANY);
      return endOfAddress(stop);
    } else if (find("@", begin + 1, last) >= 0) {
      any();
    } else {
      words(begin, last);
    }
    signature.append(line, last, stop);
    return stop;
  }

  private int endOfAddress(int from) {
    int i = from;
    while (i < end && line.charAt(i) > ' ' && "\"'`<>(),;".indexOf(line.charAt(i)) < 0) {
      i++;
    }
    return line.charAt(i - 1) == ':' ? i - 1 : i;
  }

  private int find(String text, int begin, int stop) {
    for (int i = begin; i + text.length() <= stop; i++) {
      if (line.startsWith(text, i)) {
        return i;
      }
    }
    return -1;
  }

  /** A token, word by word. */
  private void words(int begin, int stop) {
    int i = begin;
    while (i < stop) {
      int from = i;
      while (i < stop && isAlphanumeric(line.charAt(i))) {
        i++;
      }
      if (i > from) {
        word(from, i);
      }
      if (i < stop) {
        signature.append(line.charAt(i));
        i++;
      }
    }
  }

  private void word(int begin, int stop) {
    int letters = begin;
    while (letters < stop && !isDigit(line.charAt(letters))) {
      letters++;
    }
    boolean hex = isHex(begin, stop);
    if (letters == stop) {
      if (hex && stop - begin >= HEX_WORD) {
        any();
      } else {
        signature.append(line, begin, stop);
      }
      return;
    }
    boolean numberedName =
        letters > begin && !hex && stop - begin <= NUMBERED_NAME && digitsOnly(letters, stop);
    if (numberedName) {
      signature.append(line, begin, letters).append(ANY);
    } else {
      any();
    }
  }

  /** Parts of one time, address or id become one. */
  private void any() {
    int last = signature.length() - 1;
    while (last >= 0 && "./:-+_ %".indexOf(signature.charAt(last)) >= 0) {
      last--;
    }
    if (last >= 0 && signature.charAt(last) == ANY) {
      signature.setLength(last + 1);
    } else {
      signature.append(ANY);
    }
  }

  private boolean isHex(int begin, int stop) {
    for (int i = begin; i < stop; i++) {
      if (Character.digit(line.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean digitsOnly(int begin, int stop) {
    for (int i = begin; i < stop; i++) {
      if (!isDigit(line.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlphanumeric(char c) {
    return c < 128
        ? isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        : Character.isLetterOrDigit(c);
  }
}
