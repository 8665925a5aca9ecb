package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.driver.LogReader;
import java.util.Map;

/** Finds errors among log lines and counts them by signature. */
public interface ErrorCounter extends LogReader {

  /** How often the errors of each signature were logged. */
  Map<String, Integer> counts();

  /** Finds none. */
  static ErrorCounter none() {
    return new ErrorCounter() {
      @Override
      public void line(
          String instance, java.time.@org.jspecify.annotations.Nullable Instant at, String text) {}

      @Override
      public Map<String, Integer> counts() {
        return Map.of();
      }
    };
  }
}
