package io.rackgateway.deploy.model;

import java.util.List;

/**
 * A failure as a person needs it: one sentence that names the thing, its value and the place; what
 * to do next; and lines that explain it, such as the end of a log.
 *
 * @param summary one sentence, no trailing full stop needed
 * @param next what to do, one sentence or a command
 * @param details lines of evidence, possibly none
 */
public record Problem(String summary, String next, List<String> details) {

  public Problem {
    details = List.copyOf(details);
  }

  public static Problem of(String summary, String next) {
    return new Problem(summary, next, List.of());
  }
}
