package io.rackgateway.deploy.buildcontext;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One pattern of a {@code .dockerignore}, by the rules of the Dockerfile reference: those of Go's
 * {@code filepath.Match}, and {@code **} for any number of folders.
 */
final class IgnorePattern {

  private static final Pattern SPECIAL = Pattern.compile("[*?\\[\\\\]");

  private final boolean exception;
  private final String text;
  private final Pattern regex;

  private IgnorePattern(boolean exception, String text) {
    this.exception = exception;
    this.text = text;
    this.regex = Pattern.compile(regex(text), Pattern.UNIX_LINES);
  }

  /**
   * Reads a line that is neither empty nor a comment.
   *
   * @throws IllegalArgumentException if it is no pattern, with the reason
   */
  static IgnorePattern parse(String line) {
    boolean exception = line.startsWith("!");
    String written = exception ? line.substring(1).strip() : line;
    if (written.isEmpty()) {
      throw new IllegalArgumentException("nothing follows the '!'");
    }
    try {
      return new IgnorePattern(exception, clean(written));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }

  /** Whether what matches is sent after all. */
  boolean exception() {
    return exception;
  }

  /**
   * @param path relative, with slashes
   */
  boolean matches(String path) {
    return regex.matcher(path).matches();
  }

  /** Whether something below the folder can match; where it is not sure, yes. */
  boolean canMatchBelow(String folder) {
    Matcher special = SPECIAL.matcher(text);
    String plain = special.find() ? text.substring(0, special.start()) : text + "/";
    String below = folder + "/";
    return plain.startsWith(below) || below.startsWith(plain);
  }

  /** Without empty and dot segments, and relative to the context's folder. */
  private static String clean(String path) {
    Deque<String> kept = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".")) {
        continue;
      }
      boolean up = segment.equals("..");
      if (up && !kept.isEmpty() && !kept.getLast().equals("..")) {
        kept.removeLast();
      } else if (!up || !path.startsWith("/")) {
        kept.addLast(segment);
      }
    }
    return String.join("/", kept);
  }

  private static String regex(String text) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '*') {
        boolean any = text.startsWith("**", i);
        i += any ? 2 : 1;
        if (!any) {
          regex.append("[^/]*");
          continue;
        }
        boolean folders = text.startsWith("/", i);
        i += folders ? 1 : 0;
        // Docker takes a first ** before plain text as any beginning, and not as folders alone.
        boolean beginning =
            regex.isEmpty() && !folders && !SPECIAL.matcher(text.substring(i)).find();
        regex.append(i == text.length() || beginning ? ".*" : "(.*/)?");
      } else if (c == '?') {
        regex.append("[^/]");
        i++;
      } else if (c == '[') {
        i = characters(text, i + 1, regex);
      } else {
        i = literal(text, i, regex);
      }
    }
    return regex.toString();
  }

  /** Adds a set of characters, and tells where it ends. */
  private static int characters(String text, int start, StringBuilder regex) {
    int i = start;
    regex.append('[');
    if (text.startsWith("^", i)) {
      regex.append('^');
      i++;
    }
    int first = i;
    while (i == first || !text.startsWith("]", i)) {
      i = member(text, i, regex);
      if (text.startsWith("-", i)) {
        regex.append('-');
        i = member(text, i + 1, regex);
      }
    }
    regex.append(']');
    return i + 1;
  }

  private static int member(String text, int at, StringBuilder regex) {
    if (at >= text.length() || text.charAt(at) == ']' || text.charAt(at) == '-') {
      throw new IllegalArgumentException("its '[' begins no set of characters");
    }
    return literal(text, at, regex);
  }

  /** Adds one character as it is, and tells where it ends. */
  private static int literal(String text, int at, StringBuilder regex) {
    int i = text.charAt(at) == '\\' ? at + 1 : at;
    if (i == text.length()) {
      throw new IllegalArgumentException("nothing follows the '\\' at its end");
    }
    int character = text.codePointAt(i);
    boolean plain = Character.isLetterOrDigit(character) || character > 127;
    regex.append(plain ? "" : "\\").appendCodePoint(character);
    return i + Character.charCount(character);
  }

  @Override
  public String toString() {
    return (exception ? "!" : "") + text;
  }
}
