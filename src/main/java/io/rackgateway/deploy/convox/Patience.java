package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Asks a rack that gives no answer again, for a while: it may be restarted or updated itself. */
final class Patience {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A rack that never answered is no rack that is being restarted. */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private final String rack;
  private final Duration limit;
  private final Waits waits;
  private final Events events;
  private final AtomicBoolean met = new AtomicBoolean();

  /**
   * @param limit for how long a rack that has answered before may give no answer
   */
  Patience(String rack, Duration limit, Waits waits, Events events) {
    this.rack = rack;
    this.limit = limit;
    this.waits = waits;
    this.events = events;
  }

  /**
   * Makes a call that may be made twice.
   *
   * @throws DeployException.StepFailed if the rack refuses, or does not answer for too long
   */
  <T> T ask(Supplier<T> call) {
    CallFailure.Unanswered[] last = new CallFailure.Unanswered[1];
    try {
      return waits
          .until(
              () -> rack + " to answer",
              met.get() ? limit : FIRST,
              AGAIN,
              new Waits.Wakeup(),
              () -> attempt(call, last))
          .orElseThrow(() -> last[0].failed());
    } catch (CallFailure.Missing e) {
      met.set(true);
      throw e.failed();
    }
  }

  private <T> Optional<T> attempt(Supplier<T> call, CallFailure.Unanswered[] last) {
    try {
      T answer = call.get();
      met.set(true);
      if (last[0] != null) {
        events.emit(new Event.Notice(rack + " answers again"));
      }
      return Optional.of(answer);
    } catch (CallFailure.Unanswered e) {
      if (last[0] == null) {
        events.emit(new Event.Notice(e.reason() + "; asking again"));
      }
      last[0] = e;
      return Optional.empty();
    }
  }

  /** {@link #ask} for what may not be there: empty then. */
  <T> Optional<T> find(Supplier<T> call) {
    return ask(
        () -> {
          try {
            return Optional.of(call.get());
          } catch (CallFailure.Missing e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Does what must not be done twice: looks whether it is done, else does it; and where the answer
   * stays away, looks again.
   */
  <T> T onlyOnce(Supplier<Optional<T>> look, Supplier<T> act) {
    return ask(() -> look.get().orElseGet(act));
  }

  /**
   * Makes a call that must not be made twice and that leaves nothing to look for.
   *
   * @throws DeployException.StepFailed if it is not answered at once
   */
  <T> T once(Supplier<T> call) {
    try {
      return call.get();
    } catch (CallFailure e) {
      throw e.failed();
    }
  }
}
