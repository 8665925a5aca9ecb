package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds programs on the {@code PATH} of an environment. */
record Programs(Map<String, String> environment) {

  /**
   * The absolute path of a program.
   *
   * @throws DeployException.Usage if it is on no folder of the path
   */
  String find(String name) {
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : path.split(":", -1)) {
      Path candidate = Path.of(folder, name).toAbsolutePath();
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    throw new DeployException.Usage(
        "the program '" + name + "' was not found on the PATH",
        "run this on a machine with systemd, or use deploy.host.command instead of unit");
  }
}
