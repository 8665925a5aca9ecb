package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Reads the stretch of log before a run, once: its traffic and its errors. */
final class BaselineReading {

  /** A run does not wait longer for it; a part of the log will do. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int LOOK_AT_CLOCK = 4_096;

  private final DeployDriver driver;
  private final Events events;
  private final Cancellation cancellation;

  BaselineReading(DeployDriver driver, Events events, Cancellation cancellation) {
    this.driver = driver;
    this.events = events;
    this.cancellation = cancellation;
  }

  /** Ends the reading of a log that is too long. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /**
   * Reads it.
   *
   * @param errorsFrom since when errors count, which may be later than the traffic
   */
  Baseline read(
      Instant from, Instant errorsFrom, Instant until, TrafficTally tally, ErrorCounter errors) {
    Instant begin = from.truncatedTo(ChronoUnit.SECONDS);
    long start = System.nanoTime();
    long[] lines = new long[1];
    try {
      driver.readLogs(
          begin,
          until,
          (instance, at, text) -> {
            lines[0]++;
            if (lines[0] % LOOK_AT_CLOCK == 0) {
              cancellation.throwIfPending();
              if (Waits.since(start).compareTo(LONGEST) > 0) {
                throw new Enough();
              }
            }
            take(tally, begin, until, at, text);
            if (at == null || !at.isBefore(errorsFrom)) {
              errors.line(instance, at, text);
            }
          });
    } catch (Enough e) {
      events.emit(
          new Event.Notice(
              "the log before the upgrade is long: its first "
                  + lines[0]
                  + " lines are what the new version is compared with"));
    }
    return new Baseline(begin, until, tally.traffic(), errors.counts());
  }

  private static void take(
      TrafficTally tally, Instant from, Instant until, @Nullable Instant at, String text) {
    RequestRecord.find(text)
        .filter(record -> LogStretch.within(at == null ? record.at() : at, from, until))
        .ifPresent(tally::add);
  }
}
