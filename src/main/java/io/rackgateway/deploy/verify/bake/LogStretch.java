package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of stretches of the gateway's log, one stretch after another. A line counts
 * in the stretch that its time falls in; one without a time counts in none.
 */
final class LogStretch {

  private final DeployDriver driver;
  private final Duration limit;
  private final String healthPath;
  private boolean requestLines;

  /**
   * @param limit the latency by which requests are told apart exactly
   * @param healthPath requests for this are probes, not traffic
   */
  LogStretch(DeployDriver driver, Duration limit, String healthPath) {
    this.driver = driver;
    this.limit = limit;
    this.healthPath = healthPath;
  }

  /**
   * Reads a stretch, whole seconds.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the log breaks off; nothing
   *     of the stretch counts then, so that it can be read again
   */
  Traffic read(Instant from, Instant until) {
    TrafficTally tally = new TrafficTally(limit, healthPath, requestLines);
    driver.readLogs(
        from,
        until,
        (instance, at, text) ->
            RequestRecord.find(text)
                .filter(record -> within(at == null ? record.at() : at, from, until))
                .ifPresent(tally::add));
    requestLines = tally.requestLines();
    return tally.traffic();
  }

  static boolean within(@Nullable Instant at, Instant from, Instant until) {
    return Optional.ofNullable(at)
        .map(time -> !time.isBefore(from) && time.isBefore(until))
        .orElse(false);
  }
}
