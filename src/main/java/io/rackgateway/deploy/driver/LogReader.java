package io.rackgateway.deploy.driver;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes the lines of the gateway's log one by one. */
@FunctionalInterface
public interface LogReader {

  /**
   * Takes a line.
   *
   * @param instance the name of the instance that logged it, as {@link DeployDriver#observe()}
   *     tells it where it still runs; empty where that is not known
   * @param at when, by this process's clock; null where the platform does not say
   * @param text the line, without its end and without what the platform puts before it
   */
  void line(String instance, @Nullable Instant at, String text);
}
