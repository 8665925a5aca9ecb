package io.rackgateway.deploy.driver.convox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a rack's log: {@code [pod/PROCESS/CONTAINER] TIME TEXT} (v3), {@code TIME
 * service/SERVICE/PROCESS TEXT} (v2), or text alone.
 *
 * @param process empty where the line does not say
 */
record RackLogLine(String process, @Nullable Instant at, String text) {

  private static final Pattern POD = Pattern.compile("^\\[pod/([^/\\]]+)/[^\\]]*\\] (.*)$");
  private static final Pattern SOURCE = Pattern.compile("^service/[^/ ]+/([^ ]+) ?(.*)$");
  private static final Pattern TIME = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT[^ ]+) ?(.*)$");

  static RackLogLine parse(String line) {
    String process = "";
    String text = line;
    Matcher pod = POD.matcher(text);
    if (pod.matches()) {
      process = pod.group(1);
      text = pod.group(2);
    }
    Instant at = null;
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      at = instant(time.group(1));
      text = at == null ? text : time.group(2);
    }
    Matcher source = SOURCE.matcher(text);
    if (process.isEmpty() && at != null && source.matches()) {
      process = source.group(1);
      text = source.group(2);
    }
    return new RackLogLine(process, at, text);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
