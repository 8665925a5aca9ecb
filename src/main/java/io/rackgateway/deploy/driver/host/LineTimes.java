package io.rackgateway.deploy.driver.host;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The times of log lines, as Go's log package writes them (in local time) or as {@code ts} of an
 * audit record. Keeps the last one, as many lines are of the same second. Not thread-safe.
 */
final class LineTimes {

  private static final DateTimeFormatter GO = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");
  private static final int GO_LENGTH = 19;
  private static final String TS = "\"ts\":\"";

  private String lastText = "";
  private @Nullable Instant last;

  /** When the line was written; null where it does not tell. */
  @Nullable Instant of(String line) {
    if (line.length() >= GO_LENGTH && line.charAt(4) == '/' && line.charAt(7) == '/') {
      return time(line, 0, GO_LENGTH, false);
    }
    if (line.startsWith("{")) {
      int begin = line.indexOf(TS) + TS.length();
      int end = line.indexOf('"', begin);
      return begin < TS.length() || end < 0 ? null : time(line, begin, end, true);
    }
    return null;
  }

  private @Nullable Instant time(String line, int begin, int end, boolean utc) {
    boolean same = end - begin == lastText.length() && line.startsWith(lastText, begin);
    if (!same) {
      lastText = line.substring(begin, end);
      last = parse(lastText, utc);
    }
    return last;
  }

  private static @Nullable Instant parse(String text, boolean utc) {
    try {
      return utc
          ? Instant.parse(text)
          : LocalDateTime.parse(text, GO).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
