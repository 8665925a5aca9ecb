package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.Variables;
import io.rackgateway.deploy.event.Sensitive;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the containers of the gateway's service show of themselves. */
final class ContainerExhibits {

  private final String service;
  private final Docker docker;
  private final Compose compose;

  ContainerExhibits(String service, Docker docker, Compose compose) {
    this.service = service;
    this.docker = docker;
    this.compose = compose;
  }

  /** Also those that have ended, and one-off ones, as migrations run in. */
  String containers() {
    List<String> lines = new ArrayList<>();
    for (JsonNode container : ofService()) {
      JsonNode state = container.path("State");
      lines.add(name(container) + (label(container, "oneoff").equals("True") ? "  (one-off)" : ""));
      lines.add("  image     " + container.path("Config").path("Image").asText());
      lines.add("            " + container.path("Image").asText());
      lines.add(
          "  state     "
              + state.path("Status").asText()
              + ", exit code "
              + state.path("ExitCode").asInt()
              + (state.path("OOMKilled").asBoolean() ? ", killed as memory ran out" : "")
              + ", restarted "
              + container.path("RestartCount").asInt()
              + " times");
      lines.add(
          "  started   "
              + state.path("StartedAt").asText()
              + ", ended "
              + state.path("FinishedAt").asText());
      String error = state.path("Error").asText("");
      if (!error.isEmpty()) {
        lines.add("  error     " + error);
      }
      health(state.path("Health"), lines);
    }
    return lines.isEmpty() ? "service " + service + " has no container" : String.join("\n", lines);
  }

  private static void health(JsonNode health, List<String> lines) {
    if (health.path("Status").asText("").isEmpty()) {
      return;
    }
    lines.add(
        "  health    "
            + health.path("Status").asText()
            + ", failed "
            + health.path("FailingStreak").asInt()
            + " times in a row");
    for (JsonNode probe : health.path("Log")) {
      lines.add(
          "            "
              + probe.path("End").asText()
              + " exit code "
              + probe.path("ExitCode").asInt()
              + ": "
              + probe.path("Output").asText().strip().replaceAll("\\s+", " "));
    }
  }

  /** Variables of other services are not shown, but what is secret in them is made known. */
  String environment(Consumer<String> secrets) {
    List<String> lines = new ArrayList<>();
    envFile(secrets);
    for (JsonNode container : inspected()) {
      Map<String, String> variables = new LinkedHashMap<>();
      container
          .path("Config")
          .path("Env")
          .forEach(
              entry -> {
                String[] parts = entry.asText().split("=", 2);
                variables.put(parts[0], parts.length == 2 ? parts[1] : "");
              });
      String names = Variables.names(variables, secrets);
      if (label(container, "service").equals(service)) {
        lines.add(name(container) + ":");
        lines.add(names);
        lines.add("");
      }
    }
    ServiceModel model = compose.read().services().get(service);
    if (model != null) {
      lines.add("set for service " + service + " by the Compose files:");
      lines.addAll(model.environment().stream().sorted().toList());
    }
    return String.join("\n", lines);
  }

  private void envFile(Consumer<String> secrets) {
    Path file = compose.files().envFile();
    if (!Files.isReadable(file)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split("=", 2);
        if (parts.length == 2) {
          String value = parts[1].strip().replaceAll("^[\"']|[\"']$", "");
          Sensitive.parts(parts[0].strip(), value).forEach(secrets);
        }
      }
    } catch (IOException e) {
      // What is in it reaches the containers, whose variables are looked at.
    }
  }

  List<LogExcerpt> logs(int lines) {
    List<LogExcerpt> excerpts = new ArrayList<>();
    for (Container container : docker.containers(compose.project(), service)) {
      List<LogLine> first = new ArrayList<>();
      Cancellation enough = new Cancellation();
      docker.read(
          container.id(),
          line -> {
            synchronized (first) {
              if (first.size() < lines) {
                first.add(line);
              } else {
                enough.request("enough was read");
              }
            }
          },
          enough);
      synchronized (first) {
        first.sort(LogLine.BY_TIME);
        excerpts.add(
            new LogExcerpt(
                container.name(),
                first.stream().map(ContainerExhibits::shown).toList(),
                enough.reason() == null
                    ? List.of()
                    : docker.logs(container.id(), null, lines).stream()
                        .map(ContainerExhibits::shown)
                        .toList()));
      }
    }
    return excerpts;
  }

  private static String shown(LogLine line) {
    return line.time().isEmpty() ? line.text() : line.time() + " " + line.text();
  }

  private List<JsonNode> inspected() {
    return docker.inspectProject(compose.project());
  }

  private List<JsonNode> ofService() {
    return inspected().stream()
        .filter(container -> label(container, "service").equals(service))
        .toList();
  }

  private static String name(JsonNode container) {
    return container.path("Name").asText().replaceFirst("^/", "");
  }

  private static String label(JsonNode container, String name) {
    return container.path("Config").path("Labels").path("com.docker.compose." + name).asText("");
  }
}
