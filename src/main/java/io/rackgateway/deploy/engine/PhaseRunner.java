package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult.PhaseTiming;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs phases and, within them, effects: written to the journal before and after, told as events,
 * timed.
 */
final class PhaseRunner {

  private final RunId run;
  private final Journal journal;
  private final Lock lock;
  private final EventStream events;
  private final Cancellation cancellation;
  private final List<PhaseTiming> timings = new ArrayList<>();

  PhaseRunner(
      RunId run, Journal journal, Lock lock, EventStream events, Cancellation cancellation) {
    this.run = run;
    this.journal = journal;
    this.lock = lock;
    this.events = events;
    this.cancellation = cancellation;
  }

  /** The phases that ended so far. */
  List<PhaseTiming> timings() {
    return List.copyOf(timings);
  }

  /** Runs a phase; does not begin it when the run is cancelled. */
  void phase(Phase phase, Runnable body) {
    cancellation.throwIfPending();
    long start = System.nanoTime();
    events.emit(new Event.PhaseStarted(phase));
    try {
      body.run();
    } catch (DeployException e) {
      ended(phase, start, e.problem().summary());
      throw e;
    } catch (RuntimeException e) {
      ended(phase, start, String.valueOf(e));
      throw bug(phase, e);
    }
    timings.add(new PhaseTiming(phase, Waits.since(start), true));
    events.emit(new Event.PhaseFinished(phase, Waits.since(start), null));
  }

  /** Brings an effect about; does not begin it when the run is cancelled. */
  void effect(Effect effect) {
    cancellation.throwIfPending();
    lock.ensureHeld();
    Phase phase = effect.phase();
    long start = System.nanoTime();
    journal.intend(run, phase, effect.name());
    events.emit(new Event.EffectStarted(phase, effect.name(), effect.description()));
    try {
      effect.action().run();
    } catch (DeployException e) {
      failed(effect, start, e.problem().summary());
      throw e;
    } catch (RuntimeException e) {
      failed(effect, start, String.valueOf(e));
      throw bug(phase, e);
    }
    journal.done(run, phase, effect.name());
    events.emit(new Event.EffectFinished(phase, effect.name(), Waits.since(start), null));
  }

  private void failed(Effect effect, long start, String reason) {
    journal.failed(run, effect.phase(), effect.name(), reason);
    events.emit(
        new Event.EffectFinished(effect.phase(), effect.name(), Waits.since(start), reason));
  }

  private void ended(Phase phase, long start, String reason) {
    timings.add(new PhaseTiming(phase, Waits.since(start), false));
    events.emit(new Event.PhaseFinished(phase, Waits.since(start), reason));
  }

  /**
   * A bug of ours in the middle of a run is a failure like another: the gateway has to be brought
   * back all the same.
   */
  private static DeployException bug(Phase phase, RuntimeException e) {
    List<String> frames = new ArrayList<>();
    for (StackTraceElement frame : e.getStackTrace()) {
      frames.add("at " + frame);
    }
    return new DeployException.StepFailed(
        new Problem(
            "unexpected " + e + " in phase " + phase.label(),
            "this is a bug of rack-gateway-deploy; please report it with these lines",
            frames.subList(0, Math.min(12, frames.size()))),
        e);
  }
}
