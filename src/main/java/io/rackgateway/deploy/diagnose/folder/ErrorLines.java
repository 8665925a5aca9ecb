package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.text.PlainText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the line of a log that says what went wrong. */
final class ErrorLines {

  private static final int LONGEST = 300;
  private static final Pattern FATAL = Pattern.compile("(?i)\\b(panic|fatal|out of memory)\\b");

  private final Pattern errors;
  private final List<Pattern> allowed;

  /**
   * @param errors what makes a line one of an error
   * @param allowed what makes it none all the same
   */
  ErrorLines(String errors, List<String> allowed) {
    this.errors = Pattern.compile(errors);
    this.allowed = allowed.stream().map(Pattern::compile).toList();
  }

  /** The first fatal line of the last stretch of a log, else the last line of an error. */
  Optional<String> telling(List<String> lines) {
    List<String> found =
        lines.stream()
            .filter(line -> errors.matcher(line).find())
            .filter(line -> allowed.stream().noneMatch(pattern -> pattern.matcher(line).find()))
            .toList();
    return found.stream()
        .filter(line -> FATAL.matcher(line).find())
        .findFirst()
        .or(() -> found.stream().reduce((first, second) -> second))
        .map(line -> PlainText.line(line, LONGEST));
  }

  /** The problem in one sentence, with the line of its log that tells the reason. */
  String explained(Problem problem) {
    List<String> details = problem.details();
    Optional<String> line =
        telling(details)
            .or(
                () ->
                    details.stream()
                        .filter(text -> !text.isBlank())
                        .reduce((first, second) -> second)
                        .map(text -> PlainText.line(text, LONGEST)));
    return problem.summary() + line.map(text -> "; its log says: " + text).orElse("");
  }
}
