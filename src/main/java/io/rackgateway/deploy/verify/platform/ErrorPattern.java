package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.model.DeployException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that lines are looked through for. Where it is nothing but words, as the
 * default is, these are searched for first, which is many times as fast; any other expression is
 * tried on each line. Not thread-safe.
 */
final class ErrorPattern {

  /** More of a line than anybody matches on; keeps a bad expression from taking forever. */
  private static final int EXAMINED = 4_000;

  /** A match of such an expression begins where one of its words does. */
  private static final Pattern NOTHING_BUT_WORDS =
      Pattern.compile(
          "(?<insensitive>\\(\\?i\\))?(\\\\b)?\\((\\?:)?(?<words>[A-Za-z0-9_]{2,}(\\|[A-Za-z0-9_]{2,})*)\\)(\\\\b)?");

  private final Matcher matcher;
  private final @Nullable WordSearch words;

  /**
   * @param key the configuration's, for messages
   * @throws DeployException.Usage if the regular expression is none
   */
  ErrorPattern(String key, String expression) {
    try {
      matcher =
          Pattern.compile(expression)
              .matcher("")
              .useAnchoringBounds(false)
              .useTransparentBounds(true);
    } catch (PatternSyntaxException e) {
      throw new DeployException.Usage(
          key + " is not a regular expression: '" + expression + "': " + e.getDescription(),
          "correct it, or leave it out");
    }
    Matcher plain = NOTHING_BUT_WORDS.matcher(expression);
    words =
        plain.matches()
            ? new WordSearch(
                List.of(plain.group("words").split("\\|", -1)), plain.group("insensitive") != null)
            : null;
  }

  /** Whether the expression matches somewhere in the beginning of the line. */
  boolean find(String line) {
    int end = Math.min(line.length(), EXAMINED);
    int from = words == null ? 0 : words.find(line, 0, end);
    if (from < 0) {
      return false;
    }
    matcher.reset(line.length() > end ? line.substring(0, end) : line);
    return matcher.region(from, end).find();
  }
}
