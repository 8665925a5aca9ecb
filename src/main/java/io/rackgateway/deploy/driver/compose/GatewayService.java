package io.rackgateway.deploy.driver.compose;

import java.util.List;
import java.util.function.Supplier;

/** The containers of the gateway's service. */
final class GatewayService {

  private final String service;
  private final Docker docker;
  private final Supplier<String> project;

  GatewayService(String service, Docker docker, Supplier<String> project) {
    this.service = service;
    this.docker = docker;
    this.project = project;
  }

  String service() {
    return service;
  }

  String project() {
    return project.get();
  }

  List<Container> containers() {
    return docker.containers(project(), service);
  }
}
