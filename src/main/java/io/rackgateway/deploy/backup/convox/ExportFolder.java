package io.rackgateway.deploy.backup.convox;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of exports. Each is {@code <id>/dump.sql} (or {@code dump.pgdump}), {@code
 * <id>/SHA256SUMS} and {@code <id>/backup.json}. It grows as {@code .<id>.partial} and gets its
 * name when it is complete. Readable by this user alone.
 */
final class ExportFolder {

  static final String SQL = "dump.sql";
  static final String CUSTOM = "dump.pgdump";

  private static final String SUMS = "SHA256SUMS";
  private static final String DESCRIPTION = "backup.json";

  private final Path directory;
  private final EventJson json;

  ExportFolder(Path directory, EventJson json) {
    this.directory = directory.toAbsolutePath().normalize();
    this.json = json;
  }

  Path directory() {
    return directory;
  }

  Path finished(String id) {
    return directory.resolve(id);
  }

  /** Makes the folder anew in which the export grows, and returns the file for it. */
  Path begin(String id) throws IOException {
    Files.createDirectories(directory);
    discard(id);
    Files.createDirectory(partial(id));
    restrict(partial(id));
    return partial(id).resolve(SQL);
  }

  /** Gives the export its name. */
  void finish(Backup backup, ExportFile export) throws IOException {
    Path partial = partial(backup.id());
    String name = export.custom() ? CUSTOM : SQL;
    if (export.custom()) {
      Files.move(partial.resolve(SQL), partial.resolve(CUSTOM));
    }
    Files.writeString(partial.resolve(SUMS), export.sha256() + "  " + name + "\n");
    Files.writeString(partial.resolve(DESCRIPTION), json.write(backup) + "\n");
    for (Path file : files(partial)) {
      restrict(file);
      sync(file);
    }
    sync(partial);
    Files.move(partial, finished(backup.id()), StandardCopyOption.ATOMIC_MOVE);
    sync(directory);
  }

  /** The description of a finished export; empty when there is none or it cannot be read. */
  Optional<Backup> read(String id) throws IOException {
    Path description = finished(id).resolve(DESCRIPTION);
    if (!Files.isRegularFile(description)) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readBackup(Files.readString(description), description.toString()))
          .filter(backup -> backup.kind().equals(ConvoxResourceBackup.KIND));
    } catch (DeployException.Usage e) {
      return Optional.empty();
    }
  }

  List<Backup> all() throws IOException {
    List<Backup> all = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      for (Path folder : files(directory)) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(".")) {
          read(name).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** Writes the description anew. */
  void describe(Backup backup) throws IOException {
    Path folder = finished(backup.id());
    Path fresh = folder.resolve("." + DESCRIPTION);
    Files.writeString(fresh, json.write(backup) + "\n");
    restrict(fresh);
    sync(fresh);
    Files.move(fresh, folder.resolve(DESCRIPTION), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /** The file of a finished export. */
  Optional<Path> dump(String id) {
    return Stream.of(SQL, CUSTOM)
        .map(finished(id)::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Removes what is half-done. */
  void discard(String id) throws IOException {
    delete(partial(id));
  }

  /** Removes a finished export: it loses its name first. */
  void remove(String id) throws IOException {
    if (Files.isDirectory(finished(id))) {
      discard(id);
      Files.move(finished(id), partial(id), StandardCopyOption.ATOMIC_MOVE);
    }
    discard(id);
  }

  private Path partial(String id) {
    return directory.resolve("." + id + ".partial");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path file : files(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
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
}
