package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.Owner;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Cancellation;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The lock of a gateway while a run holds it: a lease in the journal, renewed three times in its
 * lifetime.
 */
final class Lock implements AutoCloseable {

  private final Journal journal;
  private final String gateway;
  private final RunId run;
  private final AtomicBoolean lost = new AtomicBoolean();
  private final ScheduledExecutorService heartbeat;

  private Lock(Journal journal, String gateway, RunId run, ScheduledExecutorService heartbeat) {
    this.journal = journal;
    this.gateway = gateway;
    this.run = run;
    this.heartbeat = heartbeat;
  }

  /**
   * Takes the lock.
   *
   * @throws DeployException.Locked if another run holds it
   */
  static Lock acquire(
      Journal journal,
      String gateway,
      RunId run,
      Duration lifetime,
      Events events,
      Cancellation cancellation) {
    Owner self = Owner.self();
    journal
        .acquire(gateway, run, self, lifetime)
        .ifPresent(takenOver -> events.emit(new Event.Notice(takenOver)));
    ScheduledExecutorService heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    Lock lock = new Lock(journal, gateway, run, heartbeat);
    long period = lifetime.toMillis() / 3;
    var unused =
        heartbeat.scheduleAtFixedRate(
            () -> lock.renew(self, lifetime, cancellation), period, period, TimeUnit.MILLISECONDS);
    return lock;
  }

  /** True when another run took the lock because this one could not renew it in time. */
  boolean lost() {
    return lost.get();
  }

  /**
   * Makes sure that this run may still act.
   *
   * @throws DeployException.Locked if another run took the lock
   */
  void ensureHeld() {
    if (lost()) {
      throw new DeployException.Locked(
          Problem.of(
              "run " + run + " lost the lock of '" + gateway + "' to another process and stopped",
              "see 'status' for who holds it now"));
    }
  }

  private void renew(Owner self, Duration lifetime, Cancellation cancellation) {
    try {
      if (!journal.renew(gateway, run, self, lifetime)) {
        lost.set(true);
        cancellation.request("the lock was lost to another run");
      }
    } catch (RuntimeException e) {
      // The journal is out of reach for now. The next beat tries again; if none gets through, the
      // lease runs out and
      // renew() says so as soon as the journal is back.
    }
  }

  @Override
  public void close() {
    heartbeat.shutdownNow();
    if (!lost()) {
      journal.release(gateway, run);
    }
  }
}
