package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long the gateway's log was when it was last started. Where versions share a log, what stands
 * before that is the old version's, and its last words must not be held against the new one.
 */
final class StartOffset {

  private final Path file;

  StartOffset(Path directory) {
    this.file = directory.resolve("run").resolve("log-offset");
  }

  /** The noted length in bytes; 0 when none is noted. */
  long read() {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException | NumberFormatException e) {
      // Never started by this tool: all of the log counts.
      return 0;
    }
  }

  void write(long length) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, length + "\n");
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the length of the gateway's log could not be noted in "
                  + file
                  + ": "
                  + IoFailure.describe(e),
              "check that this user may write there"),
          e);
    }
  }
}
