package io.rackgateway.deploy.convox;

import java.time.Duration;

/** A log that is being read. Its lines are handed out as they come. */
public final class RackLog implements AutoCloseable {

  private final RackSocket socket;
  private final ExecStream lines;

  RackLog(RackSocket socket, ExecStream lines) {
    this.socket = socket;
    this.lines = lines;
  }

  /** Called when there will be no more lines. */
  public void atEnd(Runnable listener) {
    socket.atEnd(listener);
  }

  /** Waits until the rack has told it all; false when the limit passed or the socket broke. */
  public boolean await(Duration limit) {
    RackSocket.End end = socket.await(limit);
    if (end != null) {
      var unused = lines.end();
    }
    return end != null && end.failure() == null;
  }

  @Override
  public void close() {
    socket.close();
  }
}
