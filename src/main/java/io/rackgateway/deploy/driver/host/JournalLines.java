package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.LogReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what {@code journalctl --output=short-unix --no-hostname} prints, such as {@code
 * 1738154096.123456 rack-gateway-api[4711]: a line}. A line of another form belongs to the one
 * before it.
 */
final class JournalLines {

  private static final Pattern LINE =
      Pattern.compile("(\\d{1,12})\\.(\\d{6}) [^\\[\\s]{1,100}\\[(\\d+)\\]: ?");

  /** journald's own lines, such as {@code systemd[1]: Started rack-gateway.service}. */
  private static final String INIT = "1";

  private final Instant since;
  private final @Nullable Instant until;
  private final LogReader reader;
  private @Nullable Instant time;
  private String instance = "";

  JournalLines(Instant since, @Nullable Instant until, LogReader reader) {
    this.since = since;
    this.until = until;
    this.reader = reader;
  }

  void take(String line) {
    Matcher matcher = LINE.matcher(line);
    boolean begins = matcher.lookingAt();
    if (begins) {
      time = time(matcher.group(1), matcher.group(2));
      instance =
          matcher.group(3).equals(INIT)
              ? "systemd"
              : Service.instance(Long.parseLong(matcher.group(3)));
    }
    Instant at = time;
    if (at == null || (!at.isBefore(since) && (until == null || at.isBefore(until)))) {
      reader.line(instance, at, begins ? line.substring(matcher.end()) : line);
    }
  }

  private static @Nullable Instant time(String seconds, String micros) {
    try {
      return Instant.ofEpochSecond(Long.parseLong(seconds), Integer.parseInt(micros) * 1_000L);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
