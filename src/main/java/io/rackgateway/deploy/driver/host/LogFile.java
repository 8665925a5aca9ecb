package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.LogExcerpt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A gateway's log in a file. Its lines carry a time, as Go's log package writes it (in local time)
 * or as {@code ts} of an audit record; a line without one belongs to the line before it.
 */
final class LogFile {

  private static final int LINES = 2_000;
  private static final int BYTES = 8 * 1024 * 1024;

  private LogFile() {}

  static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The last lines after the offset; none if there is no such file. */
  static List<String> tail(Path file, long offset, int count) {
    List<String> lines = read(file, offset);
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /** The first and the last lines after the offset; none if there is no such file. */
  static LogExcerpt excerpt(Path file, long offset, int count) {
    String name = String.valueOf(file.getFileName());
    List<String> first = new ArrayList<>();
    long length = length(file);
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(offset > length ? 0 : offset);
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line = reader.readLine();
      while (line != null && first.size() < count) {
        first.add(line);
        line = reader.readLine();
      }
      if (line == null) {
        return new LogExcerpt(name, first, List.of());
      }
    } catch (IOException e) {
      return new LogExcerpt(name, first, List.of());
    }
    return new LogExcerpt(name, first, tail(file, offset, count));
  }

  /**
   * The last 2,000 lines after the offset that were written since the instant.
   *
   * @param begin the time of lines before the first that carries one
   */
  static List<String> since(Path file, long offset, Instant begin, Instant since) {
    Instant from = since.truncatedTo(ChronoUnit.SECONDS);
    LineTimes times = new LineTimes();
    Instant time = begin;
    List<String> kept = new ArrayList<>();
    for (String line : read(file, offset)) {
      Instant told = times.of(line);
      time = told == null ? time : told;
      if (!time.isBefore(from)) {
        kept.add(line);
      }
    }
    return List.copyOf(kept.subList(Math.max(0, kept.size() - LINES), kept.size()));
  }

  private static List<String> read(Path file, long offset) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      // A file shorter than it was has been rotated: all of it is new.
      long begin = Math.max(offset > length ? 0 : offset, length - BYTES);
      in.seek(begin);
      byte[] bytes = new byte[(int) (length - begin)];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
