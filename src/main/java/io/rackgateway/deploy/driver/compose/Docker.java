package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The {@code docker} command line. */
final class Docker {

  private static final Duration QUICK = Duration.ofMinutes(1);
  private static final int TRIES = 3;

  private final Commands commands;
  private final Map<String, String> environment;
  private final ObjectMapper json = new ObjectMapper();

  Docker(Commands commands, Map<String, String> environment) {
    this.commands = commands;
    this.environment = Map.copyOf(environment);
  }

  static Command command(String... arguments) {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(Arrays.asList(arguments));
    return Command.of(words).withTimeout(QUICK);
  }

  /**
   * Asks the engine for its version.
   *
   * @throws DeployException.Usage if it does not answer, or there is no docker command
   */
  void requireReachable() {
    CommandResult result;
    try {
      result = commands.run(command("version", "--format", "{{.Server.Version}}"));
    } catch (DeployException.StepFailed e) {
      throw new DeployException.Usage(e.problem());
    }
    if (!result.succeeded()) {
      String host = environment.get("DOCKER_HOST");
      throw new DeployException.Usage(
          new Problem(
              "Docker "
                  + (host == null || host.isEmpty() ? "" : "at " + host + " ")
                  + "cannot be reached: "
                  + result.reason(),
              "start Docker, or point DOCKER_HOST or the docker context at the right engine",
              result.tail()));
    }
  }

  /** Runs a command that has to succeed. */
  CommandResult run(String what, Command command) {
    CommandResult result = commands.run(command);
    if (!result.succeeded()) {
      throw failed(what, result);
    }
    return result;
  }

  static DeployException.StepFailed failed(String what, CommandResult result) {
    return new DeployException.StepFailed(
        new Problem(
            what + " failed: " + result.reason(),
            "see the output of '" + result.command() + "'",
            result.tail()));
  }

  /** The containers of a service, without one-off ones, in the order of their names. */
  List<Container> containers(String project, String service) {
    for (int attempt = 1; ; attempt++) {
      CommandResult listed =
          commands.run(
              command(
                  "ps",
                  "--all",
                  "--quiet",
                  "--no-trunc",
                  "--filter",
                  "label=com.docker.compose.project=" + project,
                  "--filter",
                  "label=com.docker.compose.service=" + service,
                  "--filter",
                  "label=com.docker.compose.oneoff=False"));
      if (!listed.succeeded()) {
        requireReachable();
        throw failed("listing the containers of service " + service, listed);
      }
      List<String> ids = listed.output().lines().filter(line -> !line.isBlank()).toList();
      if (ids.isEmpty()) {
        return List.of();
      }
      List<String> words = new ArrayList<>(List.of("container", "inspect"));
      words.addAll(ids);
      CommandResult inspected = commands.run(command(words.toArray(String[]::new)));
      if (inspected.succeeded()) {
        List<Container> containers = new ArrayList<>();
        parse(inspected).forEach(node -> containers.add(Container.of(node)));
        containers.sort((a, b) -> a.name().compareTo(b.name()));
        return containers;
      }
      // One of them may have gone between the two commands.
      if (attempt == TRIES) {
        throw failed("inspecting the containers of service " + service, inspected);
      }
    }
  }

  /** What the engine says of every container of a project, one-off ones too, sorted by name. */
  List<JsonNode> inspectProject(String project) {
    CommandResult listed =
        run(
            "listing the containers of project " + project,
            command(
                "ps",
                "--all",
                "--quiet",
                "--no-trunc",
                "--filter",
                "label=com.docker.compose.project=" + project));
    List<String> words = new ArrayList<>(List.of("container", "inspect"));
    listed.output().lines().filter(line -> !line.isBlank()).forEach(words::add);
    if (words.size() == 2) {
      return List.of();
    }
    List<JsonNode> containers = new ArrayList<>();
    // One that has gone since is missing from the answer, which makes the command fail.
    parse(commands.run(command(words.toArray(String[]::new)))).forEach(containers::add);
    containers.sort(Comparator.comparing(container -> container.path("Name").asText()));
    return containers;
  }

  /** Reads what a container logged, line by line, until all was read or it is enough. */
  void read(String container, Consumer<LogLine> reader, Cancellation enough) {
    commands.run(
        command("logs", "--timestamps", container),
        line -> reader.accept(LogLine.of(line)),
        enough);
  }

  /** The container of that name or id, if there is one. */
  Optional<Container> container(String name) {
    CommandResult result = commands.run(command("container", "inspect", name));
    if (result.succeeded()) {
      return Optional.of(Container.of(parse(result).get(0)));
    }
    return absent("container " + name, result);
  }

  /** The variables that a container was made with; they may hold passwords. */
  Map<String, Secret> environment(Container container) {
    JsonNode settings =
        parse(
            run(
                "asking for the settings of " + container.name(),
                command(
                    "container", "inspect", "--format", "{{json .Config.Env}}", container.id())));
    Map<String, Secret> variables = new LinkedHashMap<>();
    settings.forEach(
        setting -> {
          String[] parts = setting.asText().split("=", 2);
          variables.put(parts[0], new Secret(parts.length == 2 ? parts[1] : ""));
        });
    return variables;
  }

  /**
   * The names of all containers of a service by their ids, also of those that have ended or ran one
   * command only, in the order of the names.
   */
  Map<String, String> namesOfAll(String project, String service) {
    CommandResult listed =
        run(
            "listing the containers of service " + service,
            command(
                "ps",
                "--all",
                "--no-trunc",
                "--format",
                "{{.Names}} {{.ID}}",
                "--filter",
                "label=com.docker.compose.project=" + project,
                "--filter",
                "label=com.docker.compose.service=" + service));
    Map<String, String> names = new LinkedHashMap<>();
    listed
        .output()
        .lines()
        .sorted()
        .map(line -> line.strip().split(" ", 2))
        .filter(words -> words.length == 2)
        .forEach(words -> names.put(words[1], words[0]));
    return names;
  }

  /** What time it is by the engine's clock, as it writes it. */
  String systemTime() {
    return run("asking the engine for its time", command("info", "--format", "{{.SystemTime}}"))
        .output()
        .strip();
  }

  /** What the engine says of itself. */
  JsonNode info() {
    return parse(run("asking the engine about itself", command("info", "--format", "{{json .}}")));
  }

  /** What the engine has under an image reference or id, if anything. */
  Optional<JsonNode> image(String reference) {
    CommandResult result = commands.run(command("image", "inspect", reference));
    if (result.succeeded()) {
      return Optional.of(parse(result).get(0));
    }
    return absent("image " + reference, result);
  }

  Optional<String> imageId(String reference) {
    return image(reference).map(image -> image.path("Id").asText());
  }

  private static <T> Optional<T> absent(String what, CommandResult result) {
    if (String.join("\n", result.tail()).toLowerCase(Locale.ROOT).contains("no such")) {
      return Optional.empty();
    }
    throw failed("looking for " + what, result);
  }

  /** Stops the containers, each with time to finish, then removes them. */
  void stopAndRemove(Collection<Container> containers, Duration grace) {
    if (containers.isEmpty()) {
      return;
    }
    List<String> stop = new ArrayList<>(List.of("stop", "-t", Long.toString(grace.toSeconds())));
    List<String> remove = new ArrayList<>(List.of("rm", "--force"));
    for (Container container : containers) {
      stop.add(container.id());
      remove.add(container.id());
    }
    run(
        "stopping " + names(containers),
        command(stop.toArray(String[]::new)).withTimeout(grace.plus(QUICK)));
    run("removing " + names(containers), command(remove.toArray(String[]::new)));
  }

  /** Removes a container that has ended. */
  void remove(String name) {
    run("removing " + name, command("rm", "--force", name));
  }

  /** Waits until a container ends, and returns its exit code. */
  int awaitEnd(String name, Duration limit) {
    CommandResult result = run("waiting for " + name, command("wait", name).withTimeout(limit));
    return Integer.parseInt(result.output().strip());
  }

  static String names(Collection<Container> containers) {
    return String.join(", ", containers.stream().map(Container::name).toList());
  }

  /**
   * What a container logged on both outputs, in order of time.
   *
   * @param since null for everything
   * @param lines how many lines at most, the last ones
   */
  List<LogLine> logs(String container, @Nullable Instant since, int lines) {
    List<String> words =
        new ArrayList<>(List.of("logs", "--timestamps", "--tail", Integer.toString(lines)));
    if (since != null) {
      words.addAll(List.of("--since", since.toString()));
    }
    words.add(container);
    List<LogLine> read = new ArrayList<>();
    commands.run(
        command(words.toArray(String[]::new)),
        line -> {
          synchronized (read) {
            read.add(LogLine.of(line));
          }
        });
    synchronized (read) {
      read.sort(LogLine.BY_TIME);
      return List.copyOf(read.subList(Math.max(0, read.size() - lines), read.size()));
    }
  }

  /** The last lines that a container logged. */
  List<String> tail(String container, int lines) {
    return logs(container, null, lines).stream().map(LogLine::text).toList();
  }

  /** Calls back at each event of a project's containers, until closed. */
  Commands.Watch watch(String project, Runnable onEvent) {
    return commands.watch(
        command(
            "events",
            "--filter",
            "type=container",
            "--filter",
            "label=com.docker.compose.project=" + project,
            "--format",
            "{{.Status}}"),
        line -> onEvent.run());
  }

  private JsonNode parse(CommandResult result) {
    try {
      return json.readTree(result.output());
    } catch (JsonProcessingException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "'" + result.command() + "' did not print JSON: " + e.getOriginalMessage(),
              "run that command by hand and look at what it prints"),
          e);
    }
  }
}
