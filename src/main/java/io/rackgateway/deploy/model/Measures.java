package io.rackgateway.deploy.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a stretch of traffic.
 *
 * @param requests how many there were
 * @param serverErrors how many of them were answered with a status of 500 or more
 * @param p99 what 99 of 100 of them were answered within, rounded up by at most a twentieth; null
 *     where no latency is known
 */
public record Measures(long requests, long serverErrors, @Nullable Duration p99) {

  /** The figures of this traffic. */
  public static Measures of(Traffic traffic) {
    return new Measures(traffic.requests(), traffic.serverErrors(), traffic.percentile(99));
  }
}
