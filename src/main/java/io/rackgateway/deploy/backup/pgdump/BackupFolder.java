package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One backup on disk: {@code <id>/data/} as pg_dump made it, {@code <id>/SHA256SUMS} and {@code
 * <id>/backup.json}. It grows as {@code .<id>.partial} and gets its name when it is complete, so
 * whatever bears that name is whole. Readable by this user alone.
 */
final class BackupFolder {

  static final String DATA = "data";

  private static final String DESCRIPTION = "backup.json";

  private final Path directory;
  private final String id;
  private final Checksums checksums;
  private final EventJson json;

  BackupFolder(Path directory, String id, Checksums checksums, EventJson json) {
    this.directory = directory.toAbsolutePath().normalize();
    this.id = id;
    this.checksums = checksums;
    this.json = json;
  }

  Path finished() {
    return directory.resolve(id);
  }

  Path partial() {
    return directory.resolve("." + id + ".partial");
  }

  /** Makes the folder anew in which the backup grows. */
  void begin() throws IOException {
    Files.createDirectories(directory);
    discard();
    Files.createDirectory(partial());
    restrict(partial());
  }

  /** Removes what is half-done, if there is any. */
  void discard() throws IOException {
    delete(partial());
  }

  /** Removes a finished backup that turned out to be damaged. */
  void discardFinished() throws IOException {
    delete(finished());
  }

  /** Writes the checksums and returns the checksum of the whole. */
  String seal() throws IOException {
    List<String> lines = checksums.of(partial(), DATA);
    Files.write(partial().resolve(Checksums.FILE), lines);
    return checksums.of(partial().resolve(Checksums.FILE));
  }

  /** The size of the archive. */
  long bytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(partial().resolve(DATA))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Makes the backup durable and gives it its name. */
  void finish(Backup backup) throws IOException {
    Files.writeString(partial().resolve(DESCRIPTION), json.write(backup) + "\n");
    try (Stream<Path> files = Files.walk(partial())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        restrict(file);
        sync(file);
      }
    }
    Files.move(partial(), finished(), StandardCopyOption.ATOMIC_MOVE);
    sync(directory);
  }

  /**
   * The finished backup, every file of which has been compared with its checksum; empty when there
   * is none.
   *
   * @throws DeployException.StepFailed if it is damaged, naming the files
   */
  Optional<Backup> verified() throws IOException {
    if (!Files.isDirectory(finished())) {
      return Optional.empty();
    }
    Backup backup;
    List<String> expected;
    try {
      backup =
          json.readBackup(
              Files.readString(finished().resolve(DESCRIPTION)),
              finished().resolve(DESCRIPTION).toString());
      expected = Files.readAllLines(finished().resolve(Checksums.FILE));
    } catch (NoSuchFileException e) {
      throw damaged(e.getFile() + " is missing");
    } catch (DeployException.Usage e) {
      throw damaged(e.problem().summary());
    }
    if (!checksums.of(finished().resolve(Checksums.FILE)).equals(backup.sha256())) {
      throw damaged(Checksums.FILE + " was changed");
    }
    List<String> found = checksums.of(finished(), DATA);
    if (!found.equals(expected)) {
      throw damaged("not as it was written: " + firstDifference(expected, found));
    }
    return Optional.of(backup);
  }

  private static String firstDifference(List<String> expected, List<String> found) {
    return Stream.concat(
            expected.stream().filter(line -> !found.contains(line)),
            found.stream().filter(line -> !expected.contains(line)))
        .map(line -> line.substring(line.indexOf(' ')).strip())
        .findFirst()
        .orElse(DATA);
  }

  private DeployException.StepFailed damaged(String what) {
    return new DeployException.StepFailed(
        "the backup " + finished() + " is damaged: " + what, "do not restore it; take a new one");
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
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
