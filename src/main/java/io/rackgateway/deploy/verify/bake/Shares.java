package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two shares of a gateway's traffic that have limits: requests that were answered with a server
 * error, and requests that took longer than 99 of 100 may.
 */
final class Shares {

  /** What the 99th percentile leaves over. */
  private static final double SLOW = 0.01;

  private final Duration p99;
  private final Share errors;
  private final Share slow;
  private Traffic total = Traffic.NONE;

  /**
   * @param spread in how many looks at least there must have been some that count
   */
  Shares(BakeLimits limits, @Nullable Baseline before, int spread) {
    this.p99 = limits.p99();
    Traffic then = before == null ? null : before.traffic();
    this.errors =
        new Share(
            "answered with a server error",
            limits.errorRate(),
            then == null ? null : new Proportion(then.serverErrors(), then.requests()),
            spread);
    this.slow =
        new Share(
            "slower than " + NetworkFailure.seconds(p99),
            SLOW,
            then == null ? null : new Proportion(then.slowerThan(p99), then.timed()),
            spread);
  }

  /** Takes what came since the look before; {@link RateTest#look}. */
  void look(double elapsed, Traffic traffic) {
    total = total.plus(traffic);
    errors.look(elapsed, traffic.requests(), traffic.serverErrors());
    slow.look(elapsed, traffic.timed(), traffic.slowerThan(p99));
  }

  boolean bad() {
    return errors.bad() || slow.bad();
  }

  /** All that came. */
  Traffic total() {
    return total;
  }

  List<Finding> findings() {
    if (total.requests() == 0) {
      return List.of(
          Finding.warn(
              "the log tells of no request, so nothing can be said of errors and latency"));
    }
    return List.of(errors.finding(), slow.finding());
  }
}
