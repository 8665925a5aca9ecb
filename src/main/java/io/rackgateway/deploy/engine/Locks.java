package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.Optional;

/** How a process gets the lock of the gateway, which one run at a time may hold. */
final class Locks {

  private static final Duration POLL = Duration.ofMillis(500);

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;

  Locks(Settings settings, Ports ports, Journal journal) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
  }

  /** A run that is at work has not ended either, but it was not interrupted. */
  void refuseWhileAtWork() {
    journal
        .holder(settings.gateway())
        .ifPresent(
            holder -> {
              throw holder.refusal(settings.gateway());
            });
  }

  /**
   * Takes it at once.
   *
   * @throws DeployException.Locked if another run is at work on the gateway
   */
  Lock take(RunId run) {
    return Lock.acquire(
        journal,
        settings.gateway(),
        run,
        settings.lease(),
        ports.events(),
        ports.waits().cancellation());
  }

  /**
   * For a run that was interrupted. The killed run's own lease may still have some seconds to go.
   */
  Lock takeOver(RunId run) {
    DeployException.Locked[] last = new DeployException.Locked[1];
    return ports
        .waits()
        .until(
            "the interrupted run's lock to run out",
            settings.lease().plusSeconds(1),
            POLL,
            new Waits.Wakeup(),
            () -> {
              try {
                return Optional.of(take(run));
              } catch (DeployException.Locked e) {
                last[0] = e;
                return Optional.<Lock>empty();
              }
            })
        .orElseThrow(() -> last[0]);
  }
}
