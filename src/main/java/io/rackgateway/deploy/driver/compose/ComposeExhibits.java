package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** What of the project and its engine helps to find out why a gateway does not work. */
final class ComposeExhibits {

  private final String service;
  private final Docker docker;
  private final Compose compose;
  private final Clock clock;
  private final ContainerExhibits containers;

  ComposeExhibits(String service, Docker docker, Compose compose, Clock clock) {
    this.service = service;
    this.docker = docker;
    this.compose = compose;
    this.clock = clock;
    this.containers = new ContainerExhibits(service, docker, compose);
  }

  List<Exhibit> all(Instant since, Consumer<String> secrets) {
    return List.of(
        new Exhibit("containers", "Containers of service " + service, containers::containers),
        new Exhibit("events", "What happened to containers", () -> events(since)),
        new Exhibit("compose-files", "Compose files", this::files),
        new Exhibit(
            "environment", "Variables of the gateway", () -> containers.environment(secrets)),
        new Exhibit("engine", "Docker and Compose", this::engine));
  }

  private String events(Instant since) {
    CommandResult result =
        docker.run(
            "reading the engine's events",
            Docker.command(
                "events",
                "--since",
                Long.toString(since.getEpochSecond()),
                "--until",
                Long.toString(clock.instant().getEpochSecond()),
                "--filter",
                "type=container",
                "--filter",
                "label=com.docker.compose.project=" + compose.project(),
                "--format",
                "{{.Time}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}"));
    List<String> lines =
        result
            .output()
            .lines()
            // Each health check is three of these.
            .filter(line -> !line.contains(" exec_"))
            .map(ComposeExhibits::dated)
            .toList();
    return lines.isEmpty()
        ? "nothing since " + since
        : String.join("\n", lines).replace("<no value>", "");
  }

  private static String dated(String line) {
    int space = line.indexOf(' ');
    try {
      return Instant.ofEpochSecond(Long.parseLong(line.substring(0, space)))
          + line.substring(space).stripTrailing();
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return line;
    }
  }

  private String files() {
    List<String> lines = new ArrayList<>();
    List<Path> paths = new ArrayList<>(compose.files().paths());
    paths.add(compose.files().envFile());
    for (Path path : paths) {
      if (Files.exists(path)) {
        lines.add(path + "  " + digest(path));
      }
    }
    ServiceModel model = compose.read().services().get(service);
    lines.add(
        "service "
            + service
            + (model == null ? " is not in them" : " names the image " + model.image()));
    return String.join("\n", lines);
  }

  private static String digest(Path path) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of().formatHex(sha.digest(Files.readAllBytes(path)))
          + ", changed "
          + Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return IoFailure.describe(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private String engine() {
    JsonNode info = docker.info();
    List<String> lines = new ArrayList<>();
    lines.add("engine:  " + info.path("ServerVersion").asText("unknown"));
    lines.add("system:  " + info.path("OperatingSystem").asText("unknown"));
    lines.add("memory:  " + (info.path("MemTotal").asLong() >> 20) + " MiB");
    lines.add("compose: " + String.join(" ", compose.tool().words()));
    try {
      Instant theirs = OffsetDateTime.parse(info.path("SystemTime").asText("")).toInstant();
      lines.add(
          "clock:   "
              + theirs
              + ", "
              + Duration.between(clock.instant(), theirs).toMillis()
              + " ms from this machine's");
    } catch (DateTimeException e) {
      lines.add("clock:   unknown");
    }
    return String.join("\n", lines);
  }
}
