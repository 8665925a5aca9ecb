package io.rackgateway.deploy.driver.compose;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The containers of the gateway's service. The project's name is asked once: it cannot change. */
final class GatewayService {

  private final String service;
  private final Docker docker;
  private final Supplier<String> readProject;
  private @Nullable String project;

  GatewayService(String service, Docker docker, Supplier<String> readProject) {
    this.service = service;
    this.docker = docker;
    this.readProject = readProject;
  }

  String service() {
    return service;
  }

  synchronized String project() {
    String name = project;
    if (name == null) {
      name = readProject.get();
      project = name;
    }
    return name;
  }

  List<Container> containers() {
    return docker.containers(project(), service);
  }
}
