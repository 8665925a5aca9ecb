package io.rackgateway.deploy.release.source;

import io.rackgateway.deploy.release.ReleaseFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A release's source as a folder. */
public final class SourceFolder {

  private SourceFolder() {}

  /**
   * Reads what matters of it.
   *
   * @throws Malformed if it is empty, or a file is larger than it may be
   * @throws IOException if it cannot be read
   */
  public static ReleaseFiles read(Path folder, SourceLayout layout) throws IOException {
    CollectedFiles files = new CollectedFiles(layout);
    Path manifest = folder.resolve(layout.manifest());
    if (Files.exists(manifest)) {
      add(files, layout.manifest(), manifest);
    }
    Path migrations = folder.resolve(layout.migrations());
    if (Files.exists(migrations)) {
      for (String name : migrationNames(migrations)) {
        String path = layout.migrations().isEmpty() ? name : layout.migrations() + "/" + name;
        add(files, path, migrations.resolve(name));
      }
    }
    if (files.isEmpty() && isEmpty(folder)) {
      throw new Malformed("holds nothing");
    }
    return files.result();
  }

  private static void add(CollectedFiles files, String path, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      files.add(path, path, content);
    }
  }

  private static List<String> migrationNames(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(SourceLayout::isMigrationName)
          .toList();
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
