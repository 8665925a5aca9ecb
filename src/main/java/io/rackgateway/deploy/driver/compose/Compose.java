package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The Compose command line of the project. The tool, the files and the project's name are looked
 * for once, when they are first needed.
 */
final class Compose {

  private static final int LARGEST_MODEL = 16 * 1024 * 1024;

  private final ComposeConfig config;
  private final Commands commands;
  private final Events events;
  private final Map<String, String> environment;
  private @Nullable ComposeTool tool;
  private @Nullable ComposeFiles files;
  private @Nullable ComposeProject lastRead;

  Compose(ComposeConfig config, Commands commands, Events events, Map<String, String> environment) {
    this.config = config;
    this.commands = commands;
    this.events = events;
    this.environment = Map.copyOf(environment);
  }

  synchronized ComposeTool tool() {
    ComposeTool found = tool;
    if (found == null) {
      found = ComposeTool.find(config.tool(), commands);
      tool = found;
    }
    return found;
  }

  synchronized ComposeFiles files() {
    ComposeFiles found = files;
    if (found == null) {
      found = ComposeFiles.find(config, environment, tool().legacy());
      files = found;
    }
    return found;
  }

  /** A command on the project. */
  Command command(String... arguments) {
    return command(List.of(), Arrays.asList(arguments));
  }

  /**
   * A command on the project.
   *
   * @param overrides more files, which override the project's own
   */
  Command command(List<Path> overrides, List<String> arguments) {
    List<String> words = words();
    for (Path override : overrides) {
      words.add("-f");
      words.add(override.toString());
    }
    words.addAll(arguments);
    return Command.of(words).in(config.directory());
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(tool().words());
    for (String name : files().names()) {
      words.add("-f");
      words.add(name);
    }
    String project = config.project();
    if (project != null) {
      words.add("-p");
      words.add(project);
    }
    return words;
  }

  /** Runs a command and tells each line it prints. */
  CommandResult run(Command command) {
    return commands.run(command, line -> events.emit(new Event.Output("compose", line)));
  }

  /**
   * Asks Compose what it makes of the files.
   *
   * @throws DeployException.Usage if it does not accept them
   */
  ComposeProject read() {
    boolean legacy = tool().legacy();
    Command command = legacy ? command("config") : command("config", "--format", "json");
    CommandResult result = commands.run(command);
    if (!result.succeeded()) {
      throw new DeployException.Usage(
          new Problem(
              "Compose does not accept "
                  + String.join(", ", files().names())
                  + " in "
                  + files().home()
                  + ": "
                  + result.reason(),
              "correct the file; '" + result.command() + "' shows the same",
              result.tail()));
    }
    Map<?, ?> model = parse(result);
    Map<String, ServiceModel> services = new TreeMap<>();
    if (model.get("services") instanceof Map<?, ?> entries) {
      entries.forEach(
          (name, service) -> {
            if (service instanceof Map<?, ?> settings) {
              services.put(String.valueOf(name), ServiceModel.of(settings));
            }
          });
    }
    String name = model.get("name") instanceof String given ? given : conventionalName();
    ComposeProject read = new ComposeProject(name, services);
    remember(read);
    return read;
  }

  private synchronized void remember(ComposeProject read) {
    lastRead = read;
  }

  /** The project as it was when it was last read; read now if it was not yet. */
  synchronized ComposeProject lastRead() {
    ComposeProject read = lastRead;
    return read == null ? read() : read;
  }

  /** The project's name, asked for once: it cannot change. */
  String project() {
    return lastRead().name();
  }

  /** JSON is YAML, too. */
  private static Map<?, ?> parse(CommandResult result) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST_MODEL);
    try {
      Object model = new Yaml(new SafeConstructor(options)).load(result.output());
      return model instanceof Map<?, ?> map ? map : Map.of();
    } catch (YAMLException e) {
      throw new DeployException.Usage(
          "'" + result.command() + "' printed what is neither JSON nor YAML",
          "run that command by hand and look at what it prints");
    }
  }

  /** Compose v1 does not tell the name; this is how it makes it. */
  private String conventionalName() {
    String project = config.project();
    if (project == null || project.isEmpty()) {
      project =
          ComposeFiles.variable(files().directory(), environment, "COMPOSE_PROJECT_NAME")
              .filter(name -> !name.isEmpty())
              .orElseGet(() -> String.valueOf(files().home().getFileName()));
    }
    return project.toLowerCase(Locale.ROOT).replaceAll("[^-_a-z0-9]", "");
  }
}
