package io.rackgateway.deploy.migration;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a table has.
 *
 * @param how how sure that is
 * @param rows 0 when not known
 * @param reason why it is not known; null otherwise
 */
public record TableSize(How how, long rows, @Nullable String reason) {

  /** How sure a number of rows is. */
  public enum How {
    COUNTED,
    /** By the statistics that the server keeps for its planner. */
    ESTIMATED,
    /** At least so many; counting stopped there. */
    AT_LEAST,
    /** There is no such table. */
    ABSENT,
    UNKNOWN
  }

  public static TableSize counted(long rows) {
    return new TableSize(How.COUNTED, rows, null);
  }

  public static TableSize estimated(long rows) {
    return new TableSize(How.ESTIMATED, rows, null);
  }

  public static TableSize atLeast(long rows) {
    return new TableSize(How.AT_LEAST, rows, null);
  }

  public static TableSize absent() {
    return new TableSize(How.ABSENT, 0, null);
  }

  public static TableSize unknown(String reason) {
    return new TableSize(How.UNKNOWN, 0, reason);
  }

  /** Whether it has that many rows, or may have. */
  public boolean mayReach(long limit) {
    return how == How.UNKNOWN || (how != How.ABSENT && rows >= limit);
  }

  /** For people: {@code about 1,234,567 rows}. */
  public String text() {
    String number = String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
    return switch (how) {
      case COUNTED -> number;
      case ESTIMATED -> "about " + number;
      case AT_LEAST -> "at least " + number;
      case ABSENT -> "no such table now";
      case UNKNOWN -> "rows not known: " + reason;
    };
  }
}
