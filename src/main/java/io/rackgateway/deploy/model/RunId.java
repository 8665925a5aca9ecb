package io.rackgateway.deploy.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The identity of one run, such as {@code 20260115-031500-7f3a9c}: when it began (UTC) and six
 * random hex digits. Safe in file, container, snapshot and Kubernetes object names, and sorts by
 * time.
 */
public record RunId(String value) {

  private static final Pattern FORM = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  public RunId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' is not a run id; expected the form 20260115-031500-7f3a9c");
    }
  }

  /** A new identity for a run that begins now. */
  public static RunId create(Instant now, RandomGenerator random) {
    byte[] bytes = new byte[3];
    random.nextBytes(bytes);
    return new RunId(TIME.format(now) + "-" + HexFormat.of().formatHex(bytes));
  }

  /** The day on which the run began, {@code YYYYMMDD} in UTC. */
  public String day() {
    return value.substring(0, 8);
  }

  @Override
  public String toString() {
    return value;
  }
}
