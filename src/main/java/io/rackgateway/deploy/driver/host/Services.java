package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses what runs the gateway by what the configuration names. */
final class Services {

  private Services() {}

  static Service of(
      HostConfig config, Releases releases, Commands commands, Stopper stopper, Programs programs) {
    List<String> command = config.command();
    if (command != null) {
      return new ProcessService(config, command, releases, commands, stopper);
    }
    String unit = config.unit();
    if (unit != null) {
      return new UnitService(unit, programs, releases, commands, stopper);
    }
    List<String> start = config.start();
    List<String> stop = config.stop();
    Path pidFile = config.pidFile();
    if (start == null || stop == null || pidFile == null) {
      throw new DeployException.Usage(
          "deploy.host.start needs stop and pidFile beside it",
          "add deploy.host.stop and deploy.host.pidFile, or use command or unit instead");
    }
    return new CommandService(start, stop, pidFile, config.log(), releases, commands, stopper);
  }

  /** The gateway's program within a release, null where the configuration does not tell. */
  static @Nullable Path program(HostConfig config) {
    List<String> command = config.command();
    return command != null && command.get(0).startsWith("./") ? Path.of(command.get(0)) : null;
  }
}
