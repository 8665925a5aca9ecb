package io.rackgateway.deploy.time;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Waiting for the world to change, in one place. A wait looks first, then sleeps until it is woken
 * by a {@link Wakeup} (a watch saw something), until the poll interval is over, until the run is
 * cancelled, or until the deadline. Thread-safe.
 */
public final class Waits {

  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

  private final Clock clock;
  private final Cancellation cancellation;
  private final Events events;

  public Waits(Clock clock, Cancellation cancellation, Events events) {
    this.clock = clock;
    this.cancellation = cancellation;
    this.events = events;
  }

  public Clock clock() {
    return clock;
  }

  public Cancellation cancellation() {
    return cancellation;
  }

  /**
   * Looks until there is an answer.
   *
   * @param what what is waited for, for people: {@code gateway-1 to be healthy}
   * @param limit how long at most
   * @param poll how long to sleep between two looks when nothing wakes the wait
   * @param look returns the answer once there is one; may throw to end the wait
   * @return the answer, or empty when the limit passed without one
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run is asked to stop
   */
  public <T> Optional<T> until(
      String what, Duration limit, Duration poll, Wakeup wakeup, Supplier<Optional<T>> look) {
    return until(() -> what, limit, poll, wakeup, look);
  }

  /** {@link #until} whose words change as it goes on, such as by a percentage. */
  public <T> Optional<T> until(
      Supplier<String> what,
      Duration limit,
      Duration poll,
      Wakeup wakeup,
      Supplier<Optional<T>> look) {
    return until(what, limit, () -> poll, wakeup, look);
  }

  /**
   * {@link #until} that looks more often at some times than at others.
   *
   * @param poll how long to sleep after each look
   */
  public <T> Optional<T> until(
      Supplier<String> what,
      Duration limit,
      Supplier<Duration> poll,
      Wakeup wakeup,
      Supplier<Optional<T>> look) {
    long start = System.nanoTime();
    Instant since = clock.instant();
    long nextReport = start;
    while (true) {
      cancellation.throwIfPending();
      int seen = wakeup.count();
      Optional<T> answer = look.get();
      if (answer.isPresent()) {
        return answer;
      }
      long now = System.nanoTime();
      long left = limit.toNanos() - (now - start);
      if (left <= 0) {
        return Optional.empty();
      }
      if (now >= nextReport) {
        events.emit(new Event.Waiting(what.get(), since, limit));
        nextReport = now + REPORT_EVERY.toNanos();
      }
      Cancellation.Registration registration = cancellation.onRequest(wakeup::signal);
      try {
        wakeup.await(seen, Math.min(left, poll.get().toNanos()));
      } finally {
        registration.close();
      }
    }
  }

  /** {@link #until} for a condition without an answer; true when it came to hold. */
  public boolean untilTrue(
      String what, Duration limit, Duration poll, Wakeup wakeup, Supplier<Boolean> condition) {
    return until(
            what,
            limit,
            poll,
            wakeup,
            () -> condition.get() ? Optional.of(Boolean.TRUE) : Optional.empty())
        .isPresent();
  }

  /**
   * Waits a fixed time, for something outside that tells nobody, such as a proxy that looks around.
   */
  public void pause(String what, Duration length) {
    until(what, length, length, new Wakeup(), Optional::empty);
  }

  /**
   * What a watch uses to wake a wait. A signal between a look and the sleep is not lost.
   * Thread-safe.
   */
  public static final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int signals;

    /** Wakes the wait, now or when it is about to sleep. */
    public void signal() {
      lock.lock();
      try {
        signals++;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private int count() {
      lock.lock();
      try {
        return signals;
      } finally {
        lock.unlock();
      }
    }

    private void await(int seen, long nanos) {
      lock.lock();
      try {
        long left = nanos;
        while (signals == seen && left > 0) {
          left = changed.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting", e);
      } finally {
        lock.unlock();
      }
    }
  }

  /** The time since a {@link System#nanoTime()} reading. */
  public static Duration since(long startNanos) {
    return Duration.of(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS.toChronoUnit());
  }
}
