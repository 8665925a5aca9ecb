package io.rackgateway.deploy.driver.compose;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times that {@code docker logs --timestamps} puts before lines, such as {@code
 * 2025-01-29T12:34:56.123456789Z}. Ten times as fast as {@link Instant#parse}, as there may be one
 * for each of millions of lines. Not thread-safe.
 */
final class LogTime {

  private static final int DATE = 10;
  private static final int SECONDS = 19;
  private static final int NANO_DIGITS = 9;
  private static final int SECONDS_A_DAY = 86_400;

  private String day = "";
  private long dayBegins;

  /** The time in the first characters of a line; null where there is none. */
  @Nullable Instant read(String line, int end) {
    if (end <= SECONDS || line.charAt(DATE) != 'T' || line.charAt(end - 1) != 'Z') {
      return null;
    }
    try {
      if (!line.startsWith(day) || day.isEmpty()) {
        day = line.substring(0, DATE);
        dayBegins = LocalDate.parse(day).toEpochDay() * SECONDS_A_DAY;
      }
      long seconds = number(line, 11, 13) * 3_600L + number(line, 14, 16) * 60L;
      return Instant.ofEpochSecond(
          dayBegins + seconds + number(line, 17, SECONDS), nanos(line, end));
    } catch (DateTimeException | NumberFormatException e) {
      day = "";
      return null;
    }
  }

  private static int nanos(String line, int end) {
    int digits = end - 1 - (SECONDS + 1);
    if (digits <= 0 || digits > NANO_DIGITS) {
      return 0;
    }
    int value = number(line, SECONDS + 1, end - 1);
    for (int i = digits; i < NANO_DIGITS; i++) {
      value *= 10;
    }
    return value;
  }

  private static int number(String line, int begin, int end) {
    return Integer.parseInt(line, begin, end, 10);
  }
}
