package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Compose that is installed.
 *
 * @param words how it is called: {@code docker compose} or {@code docker-compose}
 * @param legacy whether it is Compose v1, written in Python, with flags and formats of its own
 */
record ComposeTool(List<String> words, boolean legacy) {

  private static final List<String> PLUGIN = List.of("docker", "compose");
  private static final List<String> STANDALONE = List.of("docker-compose");

  ComposeTool {
    words = List.copyOf(words);
  }

  /**
   * Finds the tool.
   *
   * @throws DeployException.Usage if the wanted one is not installed
   */
  static ComposeTool find(ComposeConfig.ComposeTool wanted, Commands commands) {
    if (wanted != ComposeConfig.ComposeTool.V1 && version(PLUGIN, commands).isPresent()) {
      return new ComposeTool(PLUGIN, false);
    }
    Optional<String> standalone = version(STANDALONE, commands);
    if (standalone.isPresent()) {
      // The command of the old name may well be the new implementation.
      boolean legacy = standalone.get().startsWith("1.");
      if (wanted == ComposeConfig.ComposeTool.AUTO
          || legacy == (wanted == ComposeConfig.ComposeTool.V1)) {
        return new ComposeTool(STANDALONE, legacy);
      }
    }
    throw switch (wanted) {
      case V1 ->
          new DeployException.Usage(
              "Compose v1 is configured, but 'docker-compose' "
                  + standalone.map(found -> "is version " + found).orElse("is not installed"),
              "install docker-compose 1.29, or set deploy.compose.tool to auto");
      case V2 ->
          new DeployException.Usage(
              "Compose v2 is configured, but 'docker compose' is not installed",
              "install the Compose plugin of Docker, or set deploy.compose.tool to auto");
      case AUTO ->
          new DeployException.Usage(
              "Compose is not installed: neither 'docker compose' nor 'docker-compose' works",
              "install the Compose plugin of Docker");
    };
  }

  private static Optional<String> version(List<String> words, Commands commands) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("version", "--short"));
    try {
      CommandResult result = commands.run(Command.of(all));
      String version = result.output().strip();
      return result.succeeded() && !version.isEmpty()
          ? Optional.of(version.startsWith("v") ? version.substring(1) : version)
          : Optional.empty();
    } catch (DeployException.StepFailed e) {
      return Optional.empty();
    }
  }
}
