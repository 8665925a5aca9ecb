package io.rackgateway.deploy.buildcontext;

import java.util.Locale;

/** Sizes for people. */
public final class Megabytes {

  private static final double MEGABYTE = 1_000_000;

  private Megabytes() {}

  /** {@code 3.2 MB}; what is less than a tenth of one is {@code 0.1 MB}. */
  public static String of(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", Math.max(bytes / MEGABYTE, 0.1));
  }
}
