package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a service of a Compose project, where its files write them: {@code environment:}
 * wins over {@code env_file:}, later files over earlier ones. What Compose itself makes of them is
 * the measure: a value that is understood otherwise is refused.
 */
public final class ComposeVariables implements GatewayVariables {

  private static final int DEEPEST = 16;

  private final List<Path> files;
  private final @Nullable Path envFile;
  private final String service;
  private final VariableText texts;
  private final Supplier<Map<String, Secret>> measure;

  private ComposeVariables(
      List<Path> files,
      @Nullable Path envFile,
      String service,
      Map<String, String> environment,
      Supplier<Map<String, Secret>> measure) {
    this.files = List.copyOf(files);
    this.envFile = envFile;
    this.service = service;
    this.texts = new VariableText(envFile, environment);
    this.measure = measure;
  }

  /**
   * The database's address in the files of a Compose project.
   *
   * @param files the Compose files, later ones overriding earlier ones
   * @param envFile the {@code .env} file; null when there is none
   * @param environment the variables of the process, which win over the {@code .env} file
   * @param measure the variables that Compose says the service has now
   * @param directory the folder that notes are kept in
   * @param refresh removes containers that were made with another address
   */
  public static DatabaseAddress address(
      List<Path> files,
      @Nullable Path envFile,
      String service,
      Map<String, String> environment,
      Supplier<Map<String, Secret>> measure,
      DatabaseVariables names,
      Path directory,
      Runnable refresh) {
    return new PlatformAddress(
        new ComposeVariables(files, envFile, service, environment, measure),
        names,
        new AddressNotes(directory),
        refresh);
  }

  @Override
  public String places() {
    Set<String> places = new LinkedHashSet<>();
    files.forEach(file -> places.add(file.toString()));
    for (Path file : envFiles()) {
      places.add(file.toString());
    }
    if (envFile != null && Files.exists(envFile)) {
      places.add(envFile.toString());
    }
    return String.join(", ", places) + " for service " + service;
  }

  @Override
  public Now now() {
    Map<String, Secret> values = measure.get();
    return name -> find(name, values);
  }

  private Optional<WrittenValue> find(String name, Map<String, Secret> values) {
    Optional<String> actual =
        Optional.ofNullable(values.get(name)).map(Secret::value).filter(value -> !value.isEmpty());
    if (actual.isEmpty()) {
      return Optional.empty();
    }
    Optional<WrittenValue> written = written(name);
    boolean understood =
        written
            .map(WrittenValue::text)
            // Compose doubles the dollar signs of what it prints.
            .filter(
                text -> text.equals(actual.get()) || text.equals(actual.get().replace("$$", "$")))
            .isPresent();
    if (!understood) {
      throw new DeployException.Usage(
          "Compose gives service "
              + service
              + " a "
              + name
              + " that is not found in "
              + places()
              + ", or not as it is written there",
          "write " + name + " into an .env file or under 'environment:', on one line");
    }
    return written;
  }

  private Optional<WrittenValue> written(String name) {
    for (int i = files.size() - 1; i >= 0; i--) {
      Optional<Entry> entry = entry(files.get(i), service, name, 0);
      if (entry.isPresent()) {
        Setting setting = entry.get().variable().value();
        return setting == null ? texts.variable(name) : texts.of(entry.get().file(), setting);
      }
    }
    List<Path> envFiles = envFiles();
    for (int i = envFiles.size() - 1; i >= 0; i--) {
      Path file = envFiles.get(i);
      Optional<EnvFile.Assignment> assignment = EnvFile.parse(read(file)).find(name);
      if (assignment.isPresent()) {
        return texts.of(file, assignment.get());
      }
    }
    return Optional.empty();
  }

  private record Entry(Path file, ComposeFile.Variable variable) {}

  private static Optional<Entry> entry(Path path, String service, String name, int depth) {
    if (depth > DEEPEST || !Files.isRegularFile(path)) {
      return Optional.empty();
    }
    ComposeFile file = ComposeFile.parse(path.toString(), read(path));
    Optional<Entry> own = file.environment(service, name).map(found -> new Entry(path, found));
    if (own.isPresent()) {
      return own;
    }
    Optional<ComposeFile.Extension> extension = file.extension(service);
    if (extension.isPresent()) {
      return entry(base(path, extension.get()), extension.get().service(), name, depth + 1);
    }
    return file.includes().stream()
        .flatMap(other -> entry(path.resolveSibling(other), service, name, depth + 1).stream())
        .findFirst();
  }

  /** All files of variables, those that win last. */
  private List<Path> envFiles() {
    List<Path> all = new ArrayList<>();
    files.forEach(file -> envFiles(file, service, 0, all));
    return all;
  }

  private static void envFiles(Path path, String service, int depth, List<Path> into) {
    if (depth > DEEPEST || !Files.isRegularFile(path)) {
      return;
    }
    ComposeFile file = ComposeFile.parse(path.toString(), read(path));
    file.extension(service)
        .ifPresent(
            extension -> envFiles(base(path, extension), extension.service(), depth + 1, into));
    file.includes()
        .forEach(other -> envFiles(path.resolveSibling(other), service, depth + 1, into));
    file.envFiles(service).stream()
        .map(path::resolveSibling)
        .map(Path::normalize)
        .filter(Files::isRegularFile)
        .forEach(into::add);
  }

  private static Path base(Path path, ComposeFile.Extension extension) {
    String other = extension.file();
    return other == null ? path : path.resolveSibling(other);
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new DeployException.Usage(
          path + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "check that it exists and that this user may read it");
    }
  }
}
