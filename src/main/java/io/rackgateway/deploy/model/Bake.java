package io.rackgateway.deploy.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the new version did while it was watched.
 *
 * @param limits what it had to keep to
 * @param since since when it was watched
 * @param duration how long it was watched
 * @param requests how many requests its log tells of
 * @param serverErrors how many of them were answered with a status of 500 or more
 * @param p99 what 99 of 100 of them were answered within; null where no latency is known
 * @param probes how many health probes were sent
 * @param failures how many of them failed
 * @param verdict what it came to; skipped while it is not at its end
 * @param evidence what the verdict rests on, for people
 * @param before the same figures from before the run; null where they are not known
 */
public record Bake(
    BakeLimits limits,
    Instant since,
    Duration duration,
    long requests,
    long serverErrors,
    @Nullable Duration p99,
    int probes,
    int failures,
    Verdict verdict,
    String evidence,
    @Nullable Measures before) {

  /** One that has not begun. */
  public static Bake toCome(BakeLimits limits, Instant since) {
    return new Bake(
        limits, since, Duration.ZERO, 0, 0, null, 0, 0, Verdict.SKIPPED, "not at its end", null);
  }
}
