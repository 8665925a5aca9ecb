package io.rackgateway.deploy.model;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How requests were answered over a stretch of time.
 *
 * @param requests how many there were
 * @param serverErrors how many of them were answered with a status of 500 or more
 * @param latencies how many took how long: a bucket's upper bound in milliseconds, and the requests
 *     in it; requests whose latency is not known are in none
 */
public record Traffic(long requests, long serverErrors, Map<Long, Long> latencies) {

  /** No request at all. */
  public static final Traffic NONE = new Traffic(0, 0, Map.of());

  public Traffic {
    latencies = Collections.unmodifiableMap(new TreeMap<>(latencies));
  }

  /** Requests that took longer than the limit, by the buckets' bounds. */
  public long slowerThan(Duration limit) {
    return latencies.entrySet().stream()
        .filter(bucket -> bucket.getKey() > limit.toMillis())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Requests whose latency is known. */
  public long timed() {
    return latencies.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * What so many of 100 requests were answered within, by the buckets' bounds; null where no
   * latency is known.
   */
  public @Nullable Duration percentile(int percent) {
    long rank = (timed() * percent + 99) / 100;
    for (Map.Entry<Long, Long> bucket : latencies.entrySet()) {
      rank -= bucket.getValue();
      if (rank <= 0) {
        return Duration.ofMillis(bucket.getKey());
      }
    }
    return null;
  }

  /** Both stretches as one. */
  public Traffic plus(Traffic other) {
    Map<Long, Long> both = new TreeMap<>(latencies);
    other.latencies.forEach((bound, count) -> both.merge(bound, count, Long::sum));
    return new Traffic(requests + other.requests, serverErrors + other.serverErrors, both);
  }
}
