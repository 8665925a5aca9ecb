package io.rackgateway.deploy.release.notes;

import java.util.regex.Pattern;

/** Text of others, made safe to judge and to show. */
final class CleanText {

  static final int LONGEST_QUOTE = 200;

  /** Escape sequences of ECMA-48: control sequences, and operating system commands. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "\u001b\\[[0-?]*+[ -/]*+[@-~]|\u001b\\][^\u0007\u001b\n]*+(?:\u0007|\u001b\\\\)|\u001b[@-Z\\\\^_]");

  private static final String ELLIPSIS = "…";

  private CleanText() {}

  /**
   * The text without escape sequences, control characters and characters that only format, such as
   * bidirectional overrides and joiners of no width. Lines stay where they are.
   */
  static String of(String text) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    String plain = ESCAPES.matcher(lines).replaceAll("");
    StringBuilder clean = new StringBuilder(plain.length());
    plain.codePoints().filter(c -> c == '\n' || visible(c)).forEach(c -> add(clean, c));
    return clean.toString();
  }

  private static boolean visible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\t';
      case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }

  private static void add(StringBuilder clean, int c) {
    boolean separator = c != '\n' && (Character.isSpaceChar(c) || c == '\t') && c != ' ';
    clean.appendCodePoint(separator && c != '\t' ? ' ' : c);
  }

  /** The text on one line of at most {@value #LONGEST_QUOTE} characters. */
  static String quote(String text) {
    StringBuilder line = new StringBuilder();
    boolean blank = false;
    for (int at = 0; at < text.length() && line.length() <= LONGEST_QUOTE; at++) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        blank = !line.isEmpty();
      } else {
        if (blank) {
          line.append(' ');
        }
        line.append(c);
        blank = false;
      }
    }
    return line.length() <= LONGEST_QUOTE ? line.toString() : cut(line);
  }

  private static String cut(StringBuilder line) {
    int end = LONGEST_QUOTE - ELLIPSIS.length();
    int blank = line.lastIndexOf(" ", end);
    if (blank > LONGEST_QUOTE / 2) {
      end = blank;
    } else if (Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end) + ELLIPSIS;
  }
}
