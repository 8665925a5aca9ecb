package io.rackgateway.deploy.migration.lint;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a new type of a column relates to its old one. */
enum TypeChange {
  /** The values stay as they are, more of them are allowed; the catalogue alone changes. */
  NAME_ONLY,
  /** A wider integer: all is written anew, and every old value is still one. */
  WIDER,
  OTHER;

  private static final Pattern VARCHAR =
      Pattern.compile("(?:varchar|character varying)(?:\\((\\d{1,9})\\))?");
  private static final Map<String, String> ALIASES =
      Map.of(
          "int2",
          "smallint",
          "int4",
          "integer",
          "int",
          "integer",
          "int8",
          "bigint",
          "smallserial",
          "smallint",
          "serial",
          "integer",
          "bigserial",
          "bigint");
  private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");

  /**
   * @param before empty when not known
   */
  static TypeChange of(String before, String after) {
    if (before.isEmpty()) {
      return OTHER;
    }
    String from = ALIASES.getOrDefault(before, before);
    String to = ALIASES.getOrDefault(after, after);
    if (from.equals(to) || (length(from) > 0 && length(to) >= length(from))) {
      return NAME_ONLY;
    }
    boolean wider = INTEGERS.contains(from) && INTEGERS.indexOf(to) > INTEGERS.indexOf(from);
    return wider ? WIDER : OTHER;
  }

  /** How many characters a type of text holds; 0 for other types. */
  private static int length(String type) {
    if (type.equals("text")) {
      return Integer.MAX_VALUE;
    }
    Matcher matcher = VARCHAR.matcher(type);
    if (!matcher.matches()) {
      return 0;
    }
    String digits = matcher.group(1);
    return digits == null ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
