package io.rackgateway.deploy.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code bake}.
 *
 * @param period the key {@code for}
 */
public record BakeConfig(
    @Key(
            value = "How long the new version is watched before the run counts as a success.",
            orElse = "10m",
            name = "for")
        Duration period,
    @Key(
            value = "The greatest share of requests that may be answered with a server error.",
            orElse = "1%")
        Percentage errorRate,
    @Key(value = "What 99 of 100 requests must be answered within.", orElse = "2s") Duration p99,
    @Key(
            value = "How many health probes may fail, of those that are sent all the while.",
            orElse = "0",
            min = 0)
        int healthFailures,
    @Key("Measures from Prometheus, besides those from the gateway's own log.")
        @Nullable PrometheusConfig prometheus) {

  /**
   * The section {@code bake.prometheus}.
   *
   * @param errorRate a query whose answer is one number from 0 to 1
   * @param p99 a query whose answer is one number, in seconds
   */
  public record PrometheusConfig(
      @Key("The address of its HTTP API, without /api/v1.") URI url,
      @Key(
              value = "A PromQL query for the share of server errors: one number from 0 to 1.",
              shown = true)
          @Nullable String errorRate,
      @Key(
              value = "A PromQL query for the 99th percentile of latency: one number, in seconds.",
              shown = true)
          @Nullable String p99,
      @Key("A bearer token for it.") @Nullable Secret token) {}
}
