package io.rackgateway.deploy.diagnose.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder that only its owner may read, and the files in it. */
final class BundleFolder {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path path;

  private BundleFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder, or takes one that is there and empty.
   *
   * @throws FileAlreadyExistsException if there is something in it
   */
  static BundleFolder make(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(path, owners("rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path) || !isEmpty(path)) {
        throw e;
      }
      if (POSIX) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
    }
    return new BundleFolder(path);
  }

  void write(String name, String text) throws IOException {
    Path file = path.resolve(name);
    Files.createFile(file, owners("rw-------"));
    Files.write(
        file,
        (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.WRITE);
  }

  Path path() {
    return path;
  }

  /** Removes the oldest of the gateway's folders; their names sort by time. */
  static void keepNewest(Path parent, String gateway, int count) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    Pattern name = Pattern.compile(Pattern.quote(gateway) + "-\\d{8}-\\d{6}(-\\d+)?");
    List<Path> all;
    try (Stream<Path> listed = Files.list(parent)) {
      all =
          listed
              .filter(path -> name.matcher(path.getFileName().toString()).matches())
              .sorted(Comparator.comparing(path -> path.getFileName().toString()))
              .toList();
    }
    for (Path old : all.subList(0, Math.max(0, all.size() - count))) {
      remove(old);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static FileAttribute<?>[] owners(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              Set.copyOf(PosixFilePermissions.fromString(permissions)))
        }
        : new FileAttribute<?>[0];
  }
}
