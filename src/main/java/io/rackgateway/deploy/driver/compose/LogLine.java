package io.rackgateway.deploy.driver.compose;

import java.util.Comparator;

/**
 * A line of a container's log.
 *
 * @param time as Docker writes it; of fixed length, so that it sorts as text
 */
record LogLine(String time, String text) {

  static final Comparator<LogLine> BY_TIME = Comparator.comparing(LogLine::time);

  /** Takes apart what {@code docker logs --timestamps} prints. */
  static LogLine of(String line) {
    int space = line.indexOf(' ');
    boolean timed = space > 0 && line.charAt(space - 1) == 'Z';
    return timed
        ? new LogLine(line.substring(0, space), line.substring(space + 1))
        : new LogLine(line.endsWith("Z") ? line : "", line.endsWith("Z") ? "" : line);
  }
}
