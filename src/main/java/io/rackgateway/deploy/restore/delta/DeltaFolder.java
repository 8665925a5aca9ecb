package io.rackgateway.deploy.restore.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.Restored;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was saved in one restore, on disk: {@code delta.json} and a file for each table that
 * differs. It grows as {@code .<name>.partial} and gets its name when it is complete. Readable by
 * this user alone. {@code docs/restore.md} describes it.
 */
public final class DeltaFolder {

  static final int SCHEMA = 1;

  private static final String INDEX = "delta.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path finished;

  public DeltaFolder(Path finished) {
    this.finished = finished.toAbsolutePath().normalize();
  }

  public Path finished() {
    return finished;
  }

  private Path partial() {
    return finished.resolveSibling("." + finished.getFileName() + ".partial");
  }

  /** Makes the folder anew in which it grows. */
  Path begin() throws IOException {
    Files.createDirectories(partial().resolveSibling("."));
    delete(partial());
    Files.createDirectory(partial());
    restrict(partial());
    return partial();
  }

  /** Writes the index, makes all of it durable, and takes the place of an earlier one. */
  void finish(String index) throws IOException {
    Files.writeString(partial().resolve(INDEX), index + "\n");
    try (Stream<Path> files = Files.walk(partial())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        restrict(file);
        sync(file);
      }
    }
    delete(finished);
    Files.move(partial(), finished, StandardCopyOption.ATOMIC_MOVE);
    sync(finished.resolveSibling("."));
  }

  /** Removes what is half-done. */
  public void discard() throws IOException {
    delete(partial());
  }

  /** What was saved; empty when nothing is complete. */
  public Optional<Restored.Delta> read() {
    try {
      JsonNode counts = MAPPER.readTree(finished.resolve(INDEX).toFile()).path("counts");
      return Optional.of(
          new Restored.Delta(
              finished.toString(),
              counts.path("auditEvents").asLong(),
              counts.path("inserted").asLong(),
              counts.path("updated").asLong(),
              counts.path("deleted").asLong(),
              counts.path("columns").asLong(),
              counts.path("tables").asInt()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void restrict(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          path,
          PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
