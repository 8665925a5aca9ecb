package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.manifest.EnvFile;
import io.rackgateway.deploy.model.DeployException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which files make the project, by Compose's own rules. */
record ComposeFiles(Path directory, List<String> names, boolean legacy) {

  private static final List<String> NEW = List.of("compose.yaml", "compose.yml");
  private static final List<String> OLD = List.of("docker-compose.yml", "docker-compose.yaml");
  private static final List<String> NEW_OVERRIDES =
      List.of("compose.override.yml", "compose.override.yaml");
  private static final List<String> OLD_OVERRIDES =
      List.of("docker-compose.override.yml", "docker-compose.override.yaml");

  ComposeFiles {
    names = List.copyOf(names);
  }

  /**
   * Finds the files.
   *
   * @param legacy whether Compose v1 looks for them, which prefers the old names
   * @throws DeployException.Usage if there is none, or one that is named is missing
   */
  static ComposeFiles find(ComposeConfig config, Map<String, String> environment, boolean legacy) {
    Path directory = config.directory();
    List<String> names = config.files();
    String origin = "deploy.compose.files";
    if (names.isEmpty()) {
      names = fromVariable(directory, environment);
      origin = "COMPOSE_FILE";
    }
    if (names.isEmpty()) {
      return new ComposeFiles(directory, search(directory, legacy), legacy);
    }
    for (String name : names) {
      if (!Files.isRegularFile(directory.resolve(name))) {
        throw new DeployException.Usage(
            "the Compose file '"
                + name
                + "' that "
                + origin
                + " names is not in "
                + full(directory),
            "correct " + origin + ", or set deploy.compose.directory to the project's folder");
      }
    }
    return new ComposeFiles(directory, names, legacy);
  }

  private static List<String> fromVariable(Path directory, Map<String, String> environment) {
    String value = variable(directory, environment, "COMPOSE_FILE").orElse("");
    if (value.isEmpty()) {
      return List.of();
    }
    String separator =
        variable(directory, environment, "COMPOSE_PATH_SEPARATOR").orElse(File.pathSeparator);
    return List.of(value.split(Pattern.quote(separator), -1));
  }

  /** A variable that steers Compose: from the environment, else from the folder's .env file. */
  static Optional<String> variable(Path directory, Map<String, String> environment, String name) {
    String set = environment.get(name);
    if (set != null) {
      return Optional.of(set);
    }
    Path file = directory.resolve(".env");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return EnvFile.parse(Files.readAllBytes(file)).find(name).map(EnvFile.Assignment::value);
    } catch (IOException e) {
      throw new DeployException.Usage(
          file + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "check that this user may read it");
    }
  }

  private static List<String> search(Path directory, boolean legacy) {
    List<String> found = new ArrayList<>();
    first(directory, legacy ? OLD : NEW, legacy ? NEW : OLD).ifPresent(found::add);
    if (found.isEmpty()) {
      throw new DeployException.Usage(
          "there is no Compose file in "
              + full(directory)
              + ": looked for "
              + String.join(", ", NEW)
              + ", "
              + String.join(", ", OLD),
          "set deploy.compose.directory to the project's folder, or deploy.compose.files");
    }
    first(directory, legacy ? OLD_OVERRIDES : NEW_OVERRIDES, legacy ? NEW_OVERRIDES : OLD_OVERRIDES)
        .ifPresent(found::add);
    return found;
  }

  private static Optional<String> first(
      Path directory, List<String> preferred, List<String> others) {
    List<String> all = new ArrayList<>(preferred);
    all.addAll(others);
    return all.stream().filter(name -> Files.isRegularFile(directory.resolve(name))).findFirst();
  }

  private static Path full(Path directory) {
    return directory.toAbsolutePath().normalize();
  }

  List<Path> paths() {
    return names.stream().map(name -> full(directory.resolve(name))).toList();
  }

  /** The folder that gives the project its name. */
  Path home() {
    Path parent = paths().get(0).getParent();
    return parent == null ? full(directory) : parent;
  }

  /** Where variables come from that the environment does not set. */
  Path envFile() {
    return (legacy ? full(directory) : home()).resolve(".env");
  }
}
