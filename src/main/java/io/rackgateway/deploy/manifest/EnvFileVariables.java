package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The variables of a gateway that reads one file of {@code NAME=VALUE} lines when it starts. */
public final class EnvFileVariables implements GatewayVariables {

  private final @Nullable Path file;
  private final Supplier<Map<String, String>> measure;

  private EnvFileVariables(@Nullable Path file, Supplier<Map<String, String>> measure) {
    this.file = file;
    this.measure = measure;
  }

  /**
   * The database's address in the gateway's environment file.
   *
   * @param file null when none is configured
   * @param measure the variables that whoever starts the gateway reads from the file
   * @param directory the gateway's folder, where notes are kept
   */
  public static DatabaseAddress address(
      @Nullable Path file,
      Supplier<Map<String, String>> measure,
      DatabaseVariables names,
      Path directory) {
    return new PlatformAddress(
        new EnvFileVariables(file == null ? null : file.toAbsolutePath().normalize(), measure),
        names,
        new AddressNotes(directory),
        () -> {});
  }

  @Override
  public String places() {
    return file == null
        ? "deploy.host.environmentFile, which is not set"
        : file + " (deploy.host.environmentFile)";
  }

  @Override
  public Now now() {
    Map<String, String> values = file == null ? Map.of() : measure.get();
    return name -> find(name, values);
  }

  private Optional<WrittenValue> find(String name, Map<String, String> values) {
    Path place = file;
    Optional<String> actual =
        Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    if (place == null || actual.isEmpty()) {
      return Optional.empty();
    }
    byte[] content;
    try {
      content = Files.readAllBytes(place);
    } catch (IOException e) {
      throw new DeployException.Usage(
          place + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "check that it exists and that this user may read it");
    }
    Optional<WrittenValue> written = EnvFile.parse(content).find(name).map(a -> value(place, a));
    if (written.map(WrittenValue::text).filter(actual.get()::equals).isEmpty()) {
      throw new DeployException.Usage(
          place + ": " + name + " is written in a form that cannot be edited in place",
          "write it on one line, NAME=VALUE");
    }
    return written;
  }

  private static WrittenValue value(Path file, EnvFile.Assignment assignment) {
    String text =
        new String(
            assignment.value().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return new WrittenValue(
        List.of(
            WrittenValue.Piece.in(
                file,
                assignment.setting().offset() + assignment.prefix().length(),
                assignment.setting().line(),
                text)));
  }
}
