package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.testing.ConvoxRackStandIn.Release;
import io.rackgateway.deploy.testing.RackApp.Build;
import io.rackgateway.deploy.testing.RackApp.Pod;
import java.util.Map;

/** What a {@link RackApp} consists of in the words of a rack's answers. */
final class RackJson {

  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final RackApp app;

  RackJson(RackApp app) {
    this.app = app;
  }

  /** Somebody looks at the app, whose mirror in a rack lags behind now and then. */
  ObjectNode app() {
    boolean old = app.stale > 0;
    app.stale = Math.max(0, app.stale - 1);
    ObjectNode node = json.objectNode();
    node.put("generation", "3").put("locked", app.locked).put("name", app.name);
    node.put("release", old ? app.staleRelease : app.active).put("router", "router.rack.test");
    node.put("status", old ? "running" : app.status);
    node.putObject("parameters");
    return node;
  }

  ObjectNode of(Build build) {
    ObjectNode node = json.objectNode();
    node.put("id", build.id).put("app", app.name);
    node.put("description", build.form.getOrDefault("description", "")).put("entrypoint", "");
    node.put("git-sha", build.form.getOrDefault("git-sha", ""));
    boolean over = build.ended != null;
    node.put("logs", over ? "object://" + app.name + "/build/" + build.id + "/logs" : "");
    node.put("manifest", build.manifest).put("process", "build-" + RackApp.lower(build.id));
    node.put("release", build.release).put("reason", build.reason).put("repository", "");
    node.put("status", build.status).put("started", build.started.toString());
    return node.put("ended", build.ended == null ? NEVER : build.ended.toString());
  }

  ObjectNode of(Release release) {
    ObjectNode node = json.objectNode();
    node.put("id", release.id()).put("app", app.name).put("build", release.build());
    node.put("env", release.env()).put("manifest", release.manifest());
    node.put("description", release.description());
    return node.put("created", release.created().toString());
  }

  /** Somebody looks at a process; a one-off one runs at the look after. */
  ObjectNode of(Pod process) {
    ObjectNode node = json.objectNode();
    node.put("id", process.id).put("app", app.name).put("command", process.command);
    node.put("cpu", 0).put("gpu", 0).put("host", "10.0.0.1");
    // A rack pushes what it pulls into a registry of its own: the tag is not the image's.
    String build = app.release(process.release).build();
    node.put("image", "registry.rack.test/" + app.name + ":" + process.service + "." + build);
    node.put("instance", "node-1").put("memory", 0).put("name", process.service);
    node.putArray("ports");
    node.put("release", process.release).put("started", process.started.toString());
    node.put("status", process.status).put("service", process.service);
    if (process.single && process.status.equals("pending") && process.seen) {
      process.status = "running";
      node.put("status", "running");
    }
    process.seen = true;
    return node;
  }

  /** Those of a service and a release; an empty name is any. */
  ArrayNode processes(String service, String release) {
    ArrayNode list = json.arrayNode();
    app.processes.stream()
        .filter(p -> service.isEmpty() || p.service.equals(service))
        .filter(p -> release.isEmpty() || p.release.equals(release))
        .forEach(p -> list.add(of(p)));
    return list;
  }

  ObjectNode system() {
    ObjectNode node = json.objectNode();
    node.put("count", 3).put("domain", "router.rack.test").put("name", "rack");
    node.put("provider", "aws").put("rack-domain", "rack.test").put("router-internal", "");
    node.put("region", "us-east-1").put("status", "running").put("type", "t3.medium");
    return node.put("version", "3.24.6");
  }

  ArrayNode services() {
    ArrayNode list = json.arrayNode();
    Release release = app.release(app.active);
    RackManifest.services(release)
        .forEach(
            (service, value) -> {
              ObjectNode node = list.addObject();
              node.put("count", app.counts.getOrDefault(service, 0)).put("cpu", 250);
              node.put("domain", service + "." + app.name + ".rack.test").put("gpu", 0);
              node.put("gpu-vendor", "").put("memory", 512).put("name", service);
              node.putNull("nlb");
              ArrayNode ports = node.putArray("ports");
              if (value.get("port") != null) {
                ports.addObject().put("balancer", 443).put("certificate", "").put("container", 0);
              }
              int minimum = RackManifest.minimum(release, service);
              node.put("min", minimum).put("max", minimum);
            });
    return list;
  }

  ArrayNode resources() {
    ArrayNode list = json.arrayNode();
    RackManifest.section(app.release(app.active), "resources")
        .forEach(
            (resource, value) -> {
              Object type = value instanceof Map<?, ?> map ? map.get("type") : value;
              list.addObject()
                  .put("name", String.valueOf(resource))
                  .put("status", "running")
                  .put("type", String.valueOf(type))
                  .put("url", "");
            });
    return list;
  }
}
