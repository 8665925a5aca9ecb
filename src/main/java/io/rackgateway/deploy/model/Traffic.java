package io.rackgateway.deploy.model;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

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
}
