package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says that a gateway may have been asked to stop and was not seen to end: it still answers while
 * it finishes its requests, but it must not be taken for one that stays. A file, so that a process
 * that takes up the run knows it too.
 */
final class StopNote {

  private final Path file;

  StopNote(Path directory) {
    this.file = directory.resolve(".rack-gateway-deploy").resolve("stopping");
  }

  boolean present() {
    return Files.exists(file);
  }

  void place() {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  private DeployException failed(String verb, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            "the note " + file + " could not be " + verb + ": " + IoFailure.describe(e),
            "check that this user may write to the gateway's folder"),
        e);
  }
}
