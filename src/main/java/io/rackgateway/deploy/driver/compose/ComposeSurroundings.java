package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.driver.Basics;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Surroundings.Availability;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the Docker engine and the project give the gateway. */
final class ComposeSurroundings {

  /** The kernel's names of architectures, in the words of image platforms. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of(
          "x86_64", "amd64",
          "aarch64", "arm64",
          "armv7l", "arm/v7",
          "armv6l", "arm/v6",
          "i686", "386");

  private final ComposeConfig config;
  private final Docker docker;
  private final Compose compose;
  private final Map<String, String> environment;
  private final Clock clock;

  ComposeSurroundings(
      ComposeConfig config,
      Docker docker,
      Compose compose,
      Map<String, String> environment,
      Clock clock) {
    this.config = config;
    this.docker = docker;
    this.compose = compose;
    this.environment = environment;
    this.clock = clock;
  }

  Surroundings read(Observation observation, ServiceModel model, Version to) {
    JsonNode engine = docker.info();
    String target = ImageReference.parse(observation.reference()).withTag(to.tag()).toString();
    List<Gate> basics = new ArrayList<>();
    basics.add(files());
    disk(engine).ifPresent(basics::add);
    clock(engine).ifPresent(basics::add);
    return new Surroundings(
        model.environment(),
        platform(engine),
        docker.imageId(target).isPresent(),
        new Availability(
            observation.instances().size(),
            model.healthCheck() || imageLooksAtHealth(observation.reference()),
            config.strategy() == Strategy.START_FIRST,
            config.strategy() == Strategy.START_FIRST ? observation.instances().size() : 0),
        basics);
  }

  private boolean imageLooksAtHealth(String reference) {
    return docker
        .image(reference)
        .map(image -> image.path("Config").path("Healthcheck").path("Test"))
        .filter(test -> !test.isEmpty() && !test.get(0).asText().equals("NONE"))
        .isPresent();
  }

  private static @Nullable String platform(JsonNode engine) {
    String os = engine.path("OSType").asText("");
    String architecture = engine.path("Architecture").asText("");
    return os.isEmpty() || architecture.isEmpty()
        ? null
        : os + "/" + ARCHITECTURES.getOrDefault(architecture, architecture);
  }

  private Gate files() {
    String name = "files";
    for (String file : compose.files().names()) {
      Path path = config.directory().resolve(file);
      Path folder = path.toAbsolutePath().getParent();
      if (!Files.isWritable(path) || (folder != null && !Files.isWritable(folder))) {
        return Gate.block(
            name,
            "this user may not write to " + path + ", where the image is named",
            "run this as the user who owns the project, or give this one the right");
      }
    }
    return Gate.pass(name, "this user may write to the project's files");
  }

  /** The engine's folder can only be looked at where the engine is on this machine. */
  private Optional<Gate> disk(JsonNode engine) {
    String host = environment.getOrDefault("DOCKER_HOST", "");
    if (!host.isEmpty() && !host.startsWith("unix:")) {
      return Optional.empty();
    }
    try {
      Path folder = Path.of(engine.path("DockerRootDir").asText(""));
      return folder.isAbsolute() && Files.isDirectory(folder)
          ? Optional.of(Basics.disk(folder))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private Optional<Gate> clock(JsonNode engine) {
    try {
      return Optional.of(
          Basics.clock(
              "the Docker engine",
              OffsetDateTime.parse(engine.path("SystemTime").asText("")).toInstant(),
              clock.instant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
