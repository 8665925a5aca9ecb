package io.rackgateway.deploy.release.environment;

import java.util.List;
import java.util.stream.Collectors;

/** How variables are set on each platform, for a person to do. */
final class SetCommand {

  private SetCommand() {}

  /**
   * @param platform as an observation names it
   */
  static String of(String platform, List<String> names) {
    String pairs = names.stream().map(name -> name + "=…").collect(Collectors.joining(" "));
    return switch (platform) {
      case "convox" -> "set them: convox env set " + pairs + " -a APP";
      case "compose" -> "add to the service's environment in the Compose file: " + pairs;
      case "host" -> "add to the environment file of the gateway: " + pairs;
      case "kubernetes" -> "add to the environment of the Deployment's container: " + pairs;
      default -> "set for the gateway: " + pairs;
    };
  }
}
