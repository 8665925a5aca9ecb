package io.rackgateway.deploy.manifest;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code .env} file as it is written: where each variable's value stands in it. */
public final class EnvFile {

  private static final Pattern ASSIGNMENT =
      Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*=[ \\t]*");
  private static final Pattern COMMENT = Pattern.compile("(?:^|[ \\t]+)#.*$|[ \\t\\r]+$");

  private final Map<String, Assignment> assignments = new LinkedHashMap<>();

  private final byte[] bytes;

  private EnvFile(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /**
   * One variable.
   *
   * @param setting name, equals sign, and value with its quotes
   * @param prefix the part of the setting before the value
   * @param value the value without quotes
   * @param suffix the part of the setting after the value: a closing quote or nothing
   * @param literal whether the value means exactly what is written
   */
  public record Assignment(
      Setting setting, String prefix, String value, String suffix, boolean literal) {

    /** The setting with another value, in the same quotes. */
    String with(String newValue) {
      return prefix + newValue + suffix;
    }
  }

  /** Reads the file. The last of several assignments to one variable counts. */
  public static EnvFile parse(byte[] bytes) {
    // One character a byte: positions in the text are positions in the file.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    EnvFile file = new EnvFile(bytes);
    int position = text.startsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
    int line = 1;
    while (position < text.length()) {
      Matcher matcher = ASSIGNMENT.matcher(text).region(position, text.length());
      int end = endOfLine(text, position);
      if (matcher.lookingAt() && matcher.end() <= end) {
        Assignment assignment = assignment(text, matcher.start(1), matcher.end(), line);
        file.assignments.put(matcher.group(1), assignment);
        int last = assignment.setting().offset() + assignment.setting().text().length();
        end = endOfLine(text, Math.max(position, last));
      }
      line += (int) text.substring(position, end).chars().filter(c -> c == '\n').count() + 1;
      position = end + 1;
    }
    return file;
  }

  /** The file's bytes. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** The variable, if the file sets it. */
  public Optional<Assignment> find(String name) {
    return Optional.ofNullable(assignments.get(name));
  }

  private static Assignment assignment(String text, int start, int valueStart, int line) {
    char first = valueStart < text.length() ? text.charAt(valueStart) : '\n';
    if (first == '"' || first == '\'') {
      int close = closingQuote(text, valueStart + 1, first);
      if (close > 0) {
        String value = text.substring(valueStart + 1, close);
        boolean literal = first == '\'' || plain(value);
        return assignment(text, start, valueStart + 1, close, close + 1, line, literal);
      }
    }
    String rest = text.substring(valueStart, endOfLine(text, valueStart));
    Matcher comment = COMMENT.matcher(rest);
    int length = comment.find() ? comment.start() : rest.length();
    int end = valueStart + length;
    return assignment(
        text, start, valueStart, end, end, line, plain(text.substring(valueStart, end)));
  }

  private static Assignment assignment(
      String text, int start, int valueStart, int valueEnd, int end, int line, boolean literal) {
    String raw = text.substring(start, end);
    boolean ascii = raw.chars().allMatch(c -> c < 0x80);
    return new Assignment(
        new Setting(start, line, raw),
        text.substring(start, valueStart),
        text.substring(valueStart, valueEnd),
        text.substring(valueEnd, end),
        literal && ascii);
  }

  private static boolean plain(String value) {
    return value.indexOf('$') < 0 && value.indexOf('\\') < 0;
  }

  private static int closingQuote(String text, int from, char quote) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote == '"') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    return -1;
  }

  private static int endOfLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }
}
