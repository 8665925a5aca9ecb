package io.rackgateway.deploy.release.github;

import java.time.Duration;

/** Lengths of time as people say them, in the largest unit that fits. */
final class Ages {

  private Ages() {}

  /** {@code 40 s}, {@code 12 min}, {@code 3 h}, {@code 5 days}. */
  static String of(Duration age) {
    if (age.toMinutes() < 1) {
      return Math.max(0, age.toSeconds()) + " s";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " days";
  }
}
