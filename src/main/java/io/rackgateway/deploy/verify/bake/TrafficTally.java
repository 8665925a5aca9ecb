package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.model.Traffic;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts requests, keeping none of them. Where the log has a line of every request, audit records
 * are of the same requests and do not count.
 */
final class TrafficTally {

  private final long limit;
  private final String healthPath;
  private final Counts requests = new Counts();
  private final Counts audited = new Counts();
  private boolean requestLines;

  /**
   * @param limit a latency by which the requests are told apart exactly
   * @param healthPath requests for this are probes, not traffic
   * @param requestLines whether the log is known to have a line of every request
   */
  TrafficTally(Duration limit, String healthPath, boolean requestLines) {
    this.limit = limit.toMillis();
    this.healthPath = healthPath;
    this.requestLines = requestLines;
  }

  void add(RequestRecord record) {
    if (record.path().equals(healthPath)) {
      return;
    }
    if (record.audit()) {
      audited.add(record, limit);
    } else {
      requestLines = true;
      requests.add(record, limit);
    }
  }

  boolean requestLines() {
    return requestLines;
  }

  Traffic traffic() {
    return (requestLines ? requests : audited).traffic();
  }

  private static final class Counts {
    private long number;
    private long serverErrors;
    private final Map<Long, Long> latencies = new TreeMap<>();

    void add(RequestRecord record, long limit) {
      number++;
      if (record.serverError()) {
        serverErrors++;
      }
      if (record.latency() >= 0) {
        latencies.merge(LatencyBuckets.bound(record.latency(), limit), 1L, Long::sum);
      }
    }

    Traffic traffic() {
      return new Traffic(number, serverErrors, latencies);
    }
  }
}
