package io.rackgateway.deploy.release.source;

import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.text.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of a source that matter, with bounds on each and on all of them. */
final class CollectedFiles {

  private static final int MOST_BYTES_EACH = 1 << 20;
  private static final int MOST_BYTES = 16 << 20;
  private static final int VERSION_DIGITS = 14;

  private final SourceLayout layout;
  private final Map<String, String> files = new TreeMap<>();
  private int bytes;

  CollectedFiles(SourceLayout layout) {
    this.layout = layout;
  }

  /**
   * Reads a file.
   *
   * @param name as the source calls it, for messages
   * @param path relative to the source's top folder
   */
  void add(String name, String path, InputStream content) throws IOException {
    byte[] read = content.readNBytes(MOST_BYTES_EACH + 1);
    if (read.length > MOST_BYTES_EACH) {
      throw new Malformed("holds " + PlainText.line(name, 200) + " of more than 1 MiB");
    }
    bytes += read.length;
    if (bytes > MOST_BYTES) {
      throw new Malformed("holds migrations of more than 16 MiB");
    }
    files.put(path, new String(read, StandardCharsets.UTF_8));
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  ReleaseFiles result() {
    List<MigrationFile> migrations = new ArrayList<>();
    files.forEach(
        (path, text) -> {
          if (layout.isMigration(path)) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            migrations.add(new MigrationFile(name.substring(0, VERSION_DIGITS), path, text));
          }
        });
    migrations.sort(
        Comparator.comparing(MigrationFile::version).thenComparing(MigrationFile::path));
    return new ReleaseFiles(files.get(layout.manifest()), migrations);
  }
}
