package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Gate;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The gates {@code disk} and {@code clock}, which every platform of this machine can judge. */
public final class Basics {

  /** Below this nothing more can be written that matters: an image, a log, a dump. */
  private static final long TOO_LITTLE = 64L << 20;

  /** Below this a new image may not fit any more. */
  private static final long LITTLE = 1L << 30;

  /** Logs are asked for since a time; with clocks further apart lines are missed. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  private Basics() {}

  /** Whether the disk that holds a folder has room; a folder that is not there yet is no reason. */
  public static Gate disk(Path folder) {
    String name = "disk";
    try {
      FileStore store = Files.getFileStore(folder);
      long free = store.getUsableSpace();
      String evidence = megabytes(free) + " are free on the disk of " + folder;
      if (free < TOO_LITTLE) {
        return Gate.block(name, evidence, "make room there: nothing could be written any more");
      }
      return free < LITTLE
          ? Gate.warn(name, evidence, "make room there: a new version may not fit")
          : Gate.pass(name, evidence);
    } catch (IOException e) {
      return Gate.warn(
          name,
          "how much room the disk of " + folder + " has is not known: " + e.getMessage(),
          "look at it with 'df -h'");
    }
  }

  /**
   * Whether the platform's clock and this machine's agree.
   *
   * @param what whose clock, such as {@code the Docker engine}
   */
  public static Gate clock(String what, Instant theirs, Instant ours) {
    String name = "clock";
    Duration difference = Duration.between(ours, theirs).abs();
    if (difference.compareTo(SKEW) <= 0) {
      return Gate.pass(name, "the clock of " + what + " agrees with this machine's");
    }
    return Gate.warn(
        name,
        "the clock of "
            + what
            + " is "
            + difference.toSeconds()
            + " s "
            + (theirs.isAfter(ours) ? "ahead of" : "behind")
            + " this machine's",
        "set both by NTP: log lines are asked for by their time");
  }

  private static String megabytes(long bytes) {
    return bytes >= LITTLE ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
  }
}
