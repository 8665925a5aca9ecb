package io.rackgateway.deploy.release.github;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a cache's folder small: what was confirmed longest ago goes first, and so do files that a
 * process which was killed left half written. Other files in the folder stay.
 *
 * @param mostBytes of all entries together
 */
record CacheLimit(long mostBytes) {

  static final CacheLimit USUAL = new CacheLimit(64L << 20);
  static final String ENTRY = ".answer";
  static final String TEMPORARY = ".answer.new";

  private static final Duration LEFT_OVER = Duration.ofHours(1);

  private record Entry(Path file, long bytes, Instant confirmed) {}

  /** Deletes what is too much. Another process may do the same at the same time. */
  void apply(Path folder, Instant now) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      try {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        if (name.endsWith(TEMPORARY) && time.isBefore(now.minus(LEFT_OVER))) {
          Files.deleteIfExists(file);
        } else if (name.endsWith(ENTRY)) {
          entries.add(new Entry(file, Files.size(file), time));
        }
      } catch (IOException e) {
        // Another process was faster.
      }
    }
    entries.sort(Comparator.comparing(Entry::confirmed).reversed());
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.bytes();
      if (bytes > mostBytes) {
        Files.deleteIfExists(entry.file());
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
