package io.rackgateway.deploy.engine;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

/** Durations and shares as they stand in plans. */
final class Spans {

  private Spans() {}

  /** {@code 10 min}, {@code 90 s}, {@code 2 h}, {@code 250 ms}. */
  static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + " ms";
    }
    if (millis % 60_000 != 0) {
      return millis / 1_000 + " s";
    }
    return millis % 3_600_000 != 0 ? millis / 60_000 + " min" : millis / 3_600_000 + " h";
  }

  /** {@code 0.5%}. */
  static String percent(double share) {
    BigDecimal rounded = BigDecimal.valueOf(share * 100).round(new MathContext(3));
    return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + "%";
  }
}
