package io.rackgateway.deploy.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations and sizes as people read them. */
final class Durations {

  private Durations() {}

  /** {@code 850 ms}, {@code 12.3 s}, {@code 4 min 05 s}. */
  static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    return String.format(
        Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
  }

  /** {@code 40 s}, {@code 12 min}, {@code 5 h}, {@code 23 d}. */
  static String age(Duration duration) {
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    }
    if (duration.toHours() < 1) {
      return duration.toMinutes() + " min";
    }
    return duration.toDays() < 2 ? duration.toHours() + " h" : duration.toDays() + " d";
  }

  /** {@code 812 B}, {@code 4.2 MB}. */
  static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    if (bytes < 1_000_000_000) {
      return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
