package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches the room on a disk while it is written to, and ends the writing before the disk is wholly
 * full, which would hurt others that write there, the database perhaps.
 */
final class RoomWatch implements AutoCloseable {

  /** What is kept free: a fiftieth of the disk, at most this many bytes. */
  private static final long RESERVE = 128_000_000;

  private static final Duration POLL = Duration.ofMillis(100);

  private final FileStore disk;
  private final long reserve;
  private final Waits.Wakeup wakeup = new Waits.Wakeup();
  private final Aside<Optional<Long>> watch;
  private volatile boolean over;

  /**
   * @param stop requested when there is too little room left
   */
  RoomWatch(Path folder, Waits waits, Duration limit, Cancellation stop) throws IOException {
    disk = Files.getFileStore(folder);
    reserve = Math.min(RESERVE, disk.getTotalSpace() / 50);
    watch =
        Aside.begin(
            "disk-watch",
            () -> {
              Optional<Long> low =
                  waits
                      .until("the dump to end", limit, POLL, wakeup, this::look)
                      .filter(left -> left < reserve);
              low.ifPresent(left -> stop.request("the disk is nearly full"));
              return low;
            });
  }

  /** What is left once that is too little, or once nothing is written any more. */
  private Optional<Long> look() {
    try {
      long left = disk.getUsableSpace();
      return over || left < reserve ? Optional.of(left) : Optional.empty();
    } catch (IOException e) {
      // Some mounts do not tell; a full one fails in writing.
      return over ? Optional.of(Long.MAX_VALUE) : Optional.empty();
    }
  }

  /** Ends the watch. */
  @Override
  public void close() {
    over = true;
    wakeup.signal();
    watch.finished();
  }

  /** The bytes that were left when it ended the writing; waits for the watch's end. */
  Optional<Long> low() throws IOException {
    close();
    return watch.result();
  }
}
