package io.rackgateway.deploy.driver.compose;

import java.util.Map;
import java.util.TreeMap;

/**
 * What Compose makes of the project's files.
 *
 * @param name the project's name, which its containers carry
 */
record ComposeProject(String name, Map<String, ServiceModel> services) {
  ComposeProject {
    services = Map.copyOf(new TreeMap<>(services));
  }
}
