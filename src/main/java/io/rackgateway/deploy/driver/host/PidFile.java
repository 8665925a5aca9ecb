package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code run/gateway.pid}: the process id on its first line, as everywhere, and below it
 * what tells that process from a later one of the same id.
 */
final class PidFile {

  /** The kernel's clock and the machine's may be set against each other by this much. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /**
   * What is noted of a started gateway.
   *
   * @param started when the process started, null when that could not be told
   * @param release the real path of the folder it was started from, null when this tool did not
   *     start it
   * @param log the file it logs to
   * @param offset how long that file was before
   */
  record Entry(long pid, @Nullable Instant started, @Nullable Path release, Path log, long offset) {

    /** True when that very process is alive, not another one that got its id. */
    boolean alive() {
      if (!Processes.alive(pid)) {
        return false;
      }
      Instant noted = started;
      return noted == null
          || Processes.startOf(pid)
              .filter(now -> Duration.between(noted, now).abs().compareTo(TOLERANCE) <= 0)
              .isPresent();
    }
  }

  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  /** What is noted, empty when there is no file that begins with a process id. */
  Optional<Entry> read() {
    try {
      List<String> lines = Files.readAllLines(file);
      Map<String, String> values = new HashMap<>();
      lines.stream()
          .map(line -> line.split("=", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> values.put(parts[0], parts[1]));
      String started = values.getOrDefault("started", "");
      String release = values.getOrDefault("release", "");
      return Optional.of(
          new Entry(
              Long.parseLong(lines.get(0).strip()),
              started.isEmpty() ? null : Instant.parse(started),
              release.isEmpty() ? null : Path.of(release),
              Path.of(values.getOrDefault("log", "")),
              Long.parseLong(values.getOrDefault("offset", "0"))));
    } catch (IOException | RuntimeException e) {
      // Whether a gateway runs is told by the processes too, so an unreadable note is as good as
      // none.
      return Optional.empty();
    }
  }

  void write(Entry entry) {
    String text =
        """
        %d
        started=%s
        release=%s
        log=%s
        offset=%d
        """
            .formatted(
                entry.pid(),
                entry.started() == null ? "" : entry.started(),
                entry.release() == null ? "" : entry.release(),
                entry.log(),
                entry.offset());
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the process id of the gateway could not be written to "
                  + file
                  + ": "
                  + IoFailure.describe(e),
              "check that this user may write there"),
          e);
    }
  }

  void delete() {
    delete(file);
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the file " + file + " could not be removed: " + IoFailure.describe(e),
              "check that this user may write there"),
          e);
    }
  }
}
