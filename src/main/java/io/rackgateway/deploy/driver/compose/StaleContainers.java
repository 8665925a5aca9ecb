package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's containers that were made while the files named another database: started again,
 * they would go on using that. A container's environment cannot be changed, so they are removed.
 */
final class StaleContainers {

  private final ComposeConfig config;
  private final Compose compose;
  private final Docker docker;
  private final GatewayService gateway;
  private final DatabaseVariables variables;

  StaleContainers(
      ComposeConfig config,
      Compose compose,
      Docker docker,
      GatewayService gateway,
      DatabaseVariables variables) {
    this.config = config;
    this.compose = compose;
    this.docker = docker;
    this.gateway = gateway;
    this.variables = variables;
  }

  /** Stops and removes them; does nothing where there are none. */
  void remove() {
    List<Container> containers = gateway.containers();
    if (containers.isEmpty()) {
      return;
    }
    ServiceModel model = compose.read().services().get(config.service());
    if (model != null) {
      docker.stopAndRemove(
          containers.stream().filter(container -> stale(container, model.variables())).toList(),
          config.stopTimeout());
    }
  }

  private boolean stale(Container container, Map<String, Secret> wanted) {
    Map<String, Secret> has = docker.environment(container);
    return Stream.concat(variables.application().stream(), variables.admin().stream())
        .anyMatch(name -> !value(has.get(name)).equals(value(wanted.get(name)).replace("$$", "$")));
  }

  private static String value(@Nullable Secret secret) {
    return secret == null ? "" : secret.value();
  }
}
