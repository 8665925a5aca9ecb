package io.rackgateway.deploy.driver.convox;

import java.time.Duration;

/**
 * How long to wait between two questions: one a second on average and no more. What is saved while
 * nothing can be over yet is spent when the end is near.
 */
final class Pace {

  private static final Duration AVERAGE = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofMillis(1500);
  private static final Duration FAST = Duration.ofMillis(400);

  private Duration saved = Duration.ZERO;

  /** To be called once after each question. */
  Duration next(boolean near) {
    Duration wanted = near ? FAST : SLOW;
    Duration left = saved.plus(wanted).minus(AVERAGE);
    if (left.isNegative()) {
      return AVERAGE;
    }
    saved = left;
    return wanted;
  }
}
