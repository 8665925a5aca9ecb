package io.rackgateway.deploy.time;

import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop, made once and seen by every wait and every interruptible child process. After
 * the run has taken note of it ({@link #acknowledge()}) it no longer disturbs, so that undoing can
 * wait in peace. Thread-safe.
 */
public final class Cancellation {

  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable String reason;
  private boolean acknowledged;

  /**
   * Asks the run to stop. A second request changes nothing.
   *
   * @return whether this was the first request
   */
  public boolean request(String why) {
    List<Runnable> toRun;
    synchronized (this) {
      if (reason != null) {
        return false;
      }
      reason = why;
      toRun = List.copyOf(listeners);
    }
    toRun.forEach(Runnable::run);
    return true;
  }

  /** True from the request until it was acknowledged. */
  public synchronized boolean pending() {
    return reason != null && !acknowledged;
  }

  /** Why the run was asked to stop, null if it was not. Stays after the acknowledgement. */
  public synchronized @Nullable String reason() {
    return reason;
  }

  /** The run has taken note: from now on waits and processes are left alone. */
  public synchronized void acknowledge() {
    acknowledged = true;
  }

  /**
   * Ends the current work if a request is pending.
   *
   * @throws DeployException.Cancelled if the run was asked to stop and has not taken note yet
   */
  public void throwIfPending() {
    String why;
    synchronized (this) {
      if (reason == null || acknowledged) {
        return;
      }
      why = reason;
    }
    throw new DeployException.Cancelled(why);
  }

  /**
   * Calls the listener when the request comes, or at once if it is pending, until the registration
   * is closed.
   */
  public Registration onRequest(Runnable listener) {
    boolean now;
    synchronized (this) {
      listeners.add(listener);
      now = reason != null && !acknowledged;
    }
    if (now) {
      listener.run();
    }
    return () -> {
      synchronized (this) {
        listeners.remove(listener);
      }
    };
  }

  /** Ends a listener's registration. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
