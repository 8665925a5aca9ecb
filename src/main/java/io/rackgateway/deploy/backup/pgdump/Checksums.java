package io.rackgateway.deploy.backup.pgdump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checksums of a backup's files, in the form that {@code sha256sum -c SHA256SUMS} reads. The
 * checksum of the whole is that of the file of checksums.
 */
final class Checksums {

  static final String FILE = "SHA256SUMS";

  private static final int CHUNK = 1 << 16;

  /** Called between chunks; throws to end the work. */
  private final Runnable interruption;

  Checksums(Runnable interruption) {
    this.interruption = interruption;
  }

  /** The lines for every file below the sub-folder, sorted by name. */
  List<String> of(Path backup, String subFolder) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(backup.resolve(subFolder))) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(backup.relativize(file).toString(), file));
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      lines.add(of(file.getValue()) + "  " + file.getKey());
    }
    return lines;
  }

  /** The checksum of one file, lower-case hex. */
  String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream content = Files.newInputStream(file)) {
      for (int length = content.read(chunk); length >= 0; length = content.read(chunk)) {
        interruption.run();
        digest.update(chunk, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
