package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.text.PlainText;

/** Words of other people's servers and programs, made fit to be shown. */
final class Upstream {

  private static final int LONGEST = 160;

  private Upstream() {}

  /** One short line without control and formatting characters. */
  static String text(String words) {
    return PlainText.line(words, LONGEST);
  }

  /** A question that cannot be answered. */
  static DeployException.Blocked unanswered(String summary, String next) {
    return new DeployException.Blocked(Problem.of(summary, next));
  }
}
