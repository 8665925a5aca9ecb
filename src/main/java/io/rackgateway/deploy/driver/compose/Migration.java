package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.ComposeFile;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The migrations, run by the new image in a container of their own with the service's environment
 * and networks. The container is named after the run and is removed only when its exit code was
 * read: after a crash it is found again instead of being started twice.
 */
final class Migration {

  private static final int LOG_LINES = 20;
  private static final Duration CREATE_LIMIT = Duration.ofMinutes(2);

  private final ComposeConfig config;
  private final MigrateConfig migrate;
  private final Compose compose;
  private final Docker docker;
  private final Commands commands;
  private final Events events;

  Migration(
      ComposeConfig config,
      MigrateConfig migrate,
      Compose compose,
      Docker docker,
      Commands commands,
      Events events) {
    this.config = config;
    this.migrate = migrate;
    this.compose = compose;
    this.docker = docker;
    this.commands = commands;
    this.events = events;
  }

  static String containerName(String run) {
    return "rgd-" + run + "-migrate";
  }

  /** The command that starts the container, with {@code override} naming the new image. */
  Command command(String run, Path override) {
    List<String> words =
        new ArrayList<>(List.of("run", "-d", "-T", "--no-deps", "--name", containerName(run)));
    words.addAll(List.of("--entrypoint", quoted(migrate.command().get(0))));
    Map<String, String> values = new LinkedHashMap<>();
    migrate
        .environment()
        .forEach(
            (name, secret) -> {
              // The value travels in the environment, never in the arguments.
              words.addAll(List.of("-e", name));
              values.put(name, secret.value());
            });
    words.add(config.service());
    words.addAll(migrate.command().subList(1, migrate.command().size()));
    return compose
        .command(List.of(override), words)
        .withEnvironment(values)
        .withTimeout(CREATE_LIMIT);
  }

  /** Compose takes the entry point apart at spaces, as a shell would. */
  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * Runs the migrations to their end, or finds the container that does.
   *
   * @throws DeployException.StepFailed if they fail or take too long
   */
  void run(RunId run, String reference) {
    String name = containerName(run.value());
    Optional<Container> found = docker.container(name);
    if (found.isPresent() && found.get().status().equals("created")) {
      // Made, but never started: nothing of it has happened.
      remove(run);
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      start(run, reference);
    }
    int exitCode = awaitEnd(name);
    List<String> log = exitCode == 0 ? List.of() : docker.tail(name, LOG_LINES);
    docker.remove(name);
    if (exitCode != 0) {
      throw failed("ended with exit code " + exitCode, log);
    }
  }

  private void start(RunId run, String reference) {
    Path override = writeOverride(reference);
    try {
      CommandResult result = compose.run(command(run.value(), override));
      if (!result.succeeded()) {
        remove(run);
        throw new DeployException.StepFailed(
            new Problem(
                "the migrations ("
                    + String.join(" ", migrate.command())
                    + ") could not be started: "
                    + result.reason(),
                "check migrate.command and the service's settings",
                result.tail()));
      }
    } finally {
      delete(override);
    }
  }

  private int awaitEnd(String name) {
    long start = System.nanoTime();
    try {
      commands.run(
          Docker.command("logs", "--follow", name).withTimeout(migrate.timeout()),
          line -> events.emit(new Event.Output("migrate", line)));
      // The log ends with the container, or with its connection: only this is certain.
      Duration left = migrate.timeout().minus(Waits.since(start));
      return docker.awaitEnd(name, left.isNegative() ? Duration.ofSeconds(1) : left);
    } catch (DeployException.StepFailed e) {
      Optional<Container> container = docker.container(name);
      if (container.isEmpty()) {
        throw failed("were removed by somebody else while they ran", List.of());
      }
      if (container.get().running()) {
        List<String> log = docker.tail(name, LOG_LINES);
        stop(container.get());
        throw failed("did not end within " + migrate.timeout().toSeconds() + " s", log);
      }
      throw e;
    }
  }

  private DeployException.StepFailed failed(String how, List<String> log) {
    return new DeployException.StepFailed(
        new Problem(
            "the migrations (" + String.join(" ", migrate.command()) + ") " + how,
            "see their last log lines",
            log));
  }

  /** Stops and removes the run's container, if there is one. */
  void remove(RunId run) {
    docker.container(containerName(run.value())).ifPresent(this::stop);
  }

  private void stop(Container container) {
    docker.stopAndRemove(List.of(container), config.stopTimeout());
  }

  /** Overrides the image, and the restart policy: a failed migration must not be repeated. */
  private Path writeOverride(String reference) {
    Map<String, Object> content = new LinkedHashMap<>();
    String version = fileVersion();
    if (version != null) {
      content.put("version", version);
    }
    content.put("services", Map.of(config.service(), Map.of("image", reference, "restart", "no")));
    try {
      // Readable by this user alone. YAML holds JSON.
      Path file = Files.createTempFile("rack-gateway-deploy-", ".yml");
      Files.writeString(file, new ObjectMapper().writeValueAsString(content));
      return file;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings can be written as JSON", e);
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "no temporary file could be written: " + e.getMessage(),
              "check the space and permissions of the folder for temporary files"),
          e);
    }
  }

  /** Compose v1 wants the same version in all files; later ones complain of any. */
  private @Nullable String fileVersion() {
    if (!compose.tool().legacy()) {
      return null;
    }
    Path first = compose.files().paths().get(0);
    try {
      return ComposeFile.parse(first.toString(), Files.readAllBytes(first)).version().orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It holds an image name and nothing else; the system clears its temporary folder.
    }
  }
}
