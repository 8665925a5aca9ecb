package io.rackgateway.deploy.driver.compose;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * How far the engine's clock is ahead of this machine's. The engine may be on another machine, and
 * finds log lines by its own clock.
 */
final class EngineClock {

  /** Less than this may be how long the engine took to answer. */
  private static final Duration NOTICEABLE = Duration.ofSeconds(1);

  private final Docker docker;
  private final Clock clock;

  EngineClock(Docker docker, Clock clock) {
    this.docker = docker;
    this.clock = clock;
  }

  /** Negative where the engine's clock is behind; zero where it does not tell its time. */
  Duration ahead() {
    Instant asked = clock.instant();
    String told = docker.systemTime();
    Instant middle = asked.plus(Duration.between(asked, clock.instant()).dividedBy(2));
    try {
      Duration ahead = Duration.between(middle, OffsetDateTime.parse(told).toInstant());
      return ahead.abs().compareTo(NOTICEABLE) < 0 ? Duration.ZERO : ahead;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
