package io.rackgateway.deploy.backup.pgdump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The checksums of a backup's files, in the form that {@code sha256sum -c SHA256SUMS} reads. The
 * checksum of the whole is that of the file of checksums. Several files are read at once, each in
 * pieces.
 */
final class Checksums {

  static final String FILE = "SHA256SUMS";

  private static final int CHUNK = 1 << 16;

  /** Called between chunks; throws to end the work. */
  private final Runnable interruption;

  Checksums(Runnable interruption) {
    this.interruption = interruption;
  }

  /** The lines for every file that is or is below one of the entries, sorted by name. */
  List<String> of(Path backup, List<String> entries) throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    for (String entry : entries) {
      if (Files.exists(backup.resolve(entry))) {
        try (Stream<Path> all = Files.walk(backup.resolve(entry))) {
          for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
            sizes.put(file, Files.size(file));
          }
        }
      }
    }
    List<Path> largestFirst = new ArrayList<>(sizes.keySet());
    largestFirst.sort(Comparator.comparing(sizes::get).reversed());
    Map<Path, String> sums = new ConcurrentHashMap<>();
    new Lanes(Runtime.getRuntime().availableProcessors())
        .each(largestFirst, file -> sums.put(file, of(file)));
    List<String> lines = new ArrayList<>();
    Map<String, String> byName = new TreeMap<>();
    sums.forEach((file, sum) -> byName.put(backup.relativize(file).toString(), sum));
    byName.forEach((name, sum) -> lines.add(sum + "  " + name));
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

  /** The checksum of a text in UTF-8, lower-case hex. */
  static String ofText(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
