package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.kubernetes.KubernetesDriver;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.time.Waits;
import java.util.Map;

/** Puts together the driver for Kubernetes, whose library is loaded only when it is used. */
final class KubernetesWiring {

  private KubernetesWiring() {}

  static DeployDriver driver(
      Configuration configuration,
      KubernetesConfig config,
      Map<String, String> environment,
      Waits waits,
      Events events) {
    return KubernetesDriver.connect(
        config, configuration.migrate(), configuration.image(), environment, waits, events);
  }
}
