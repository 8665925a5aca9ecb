package io.rackgateway.deploy.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long the gateway did not answer, seen from outside. An outage begins with the first probe
 * that failed and ends with the first that was answered again, so each is exact to about one probe
 * interval.
 *
 * @param probes how many were sent
 * @param failed how many of them were not answered well
 * @param outages each stretch without a good answer
 * @param interval the time between two probes
 */
public record Downtime(int probes, int failed, List<Outage> outages, Duration interval) {

  /** One stretch without a good answer, and the first reason seen in it. */
  public record Outage(Instant from, Duration duration, String reason) {}

  public Downtime {
    outages = List.copyOf(outages);
  }

  /** All outages together. */
  public Duration total() {
    return outages.stream().map(Outage::duration).reduce(Duration.ZERO, Duration::plus);
  }
}
