package io.rackgateway.deploy.verify.bake;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Buckets of latencies: every millisecond up to 20, then each bound a twentieth above the one
 * before, so that any number of requests takes a few hundred numbers to remember.
 */
final class LatencyBuckets {

  private static final long FINE = 20;
  private static final long LAST = 24L * 3_600_000;
  private static final long[] BOUNDS =
      LongStream.concat(
              LongStream.rangeClosed(1, FINE),
              LongStream.iterate(FINE + 1, bound -> bound <= LAST, bound -> bound + bound / FINE))
          .toArray();

  private LatencyBuckets() {}

  /**
   * The upper bound of the bucket that a latency falls in.
   *
   * @param limit a bound of its own, so that what is slower than it is told apart exactly
   */
  static long bound(long millis, long limit) {
    int found = Arrays.binarySearch(BOUNDS, millis);
    int index = found >= 0 ? found : -found - 1;
    long bound = index < BOUNDS.length ? BOUNDS[index] : millis;
    return millis <= limit && limit < bound ? limit : bound;
  }
}
