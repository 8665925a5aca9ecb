package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.verify.bake.ErrorCounter;
import io.rackgateway.deploy.verify.platform.LogScan;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors before a run, found as the check of the log finds those after it. */
record LoggedErrors(LogScan scan) implements ErrorCounter {

  @Override
  public void line(String instance, @Nullable Instant at, String text) {
    scan.line(instance, at, text);
  }

  @Override
  public Map<String, Integer> counts() {
    return scan.signatures();
  }
}
