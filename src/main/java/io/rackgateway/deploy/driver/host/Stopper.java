package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Ends processes: asks each once, and kills those that have not ended in time. */
final class Stopper {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final Waits waits;
  private final Events events;
  private final Duration timeout;

  Stopper(Waits waits, Events events, Duration timeout) {
    this.waits = waits;
    this.events = events;
    this.timeout = timeout;
  }

  /** What it does to a process without a stop command of its own, for people. */
  static String describe(Duration timeout) {
    return "SIGTERM, and SIGKILL after " + timeout.toSeconds() + " s";
  }

  /**
   * Returns when no process is left.
   *
   * @param left the processes still to be ended, read anew each time
   * @param ask asks one process to end
   * @param kill ends one process
   */
  void stop(Supplier<List<Running>> left, Consumer<Running> ask, Consumer<Running> kill) {
    Waits.Wakeup wakeup = new Waits.Wakeup();
    Set<Long> asked = new HashSet<>();
    boolean ended =
        waits.untilTrue(
            "the gateway to stop",
            timeout,
            POLL,
            wakeup,
            () -> {
              List<Running> alive = left.get();
              alive.stream()
                  .filter(process -> asked.add(process.pid()))
                  .forEach(
                      process -> {
                        wakeAtEnd(process, wakeup);
                        ask.accept(process);
                      });
              return alive.isEmpty();
            });
    if (ended) {
      return;
    }
    for (Running process : left.get()) {
      events.emit(
          new Event.Notice(
              "process "
                  + process.pid()
                  + " of the gateway did not stop within "
                  + timeout.toSeconds()
                  + " s and is killed"));
    }
    // At each look, as the end of a process may leave its children for the next.
    boolean gone =
        waits.untilTrue(
            "the gateway to be gone",
            KILL_LIMIT,
            POLL,
            wakeup,
            () -> {
              List<Running> alive = left.get();
              alive.forEach(kill);
              return alive.isEmpty();
            });
    if (!gone) {
      throw new DeployException.StepFailed(
          "process " + left.get().get(0).pid() + " of the gateway does not end, even when killed",
          "see what holds it (state D in 'ps'), end it, then run 'resume'");
    }
  }

  static void terminate(Running process) {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
  }

  static void kill(Running process) {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  static void wakeAtEnd(Running process, Waits.Wakeup wakeup) {
    ProcessHandle.of(process.pid())
        .ifPresent(
            handle -> {
              var unused = handle.onExit().thenRun(wakeup::signal);
            });
  }
}
