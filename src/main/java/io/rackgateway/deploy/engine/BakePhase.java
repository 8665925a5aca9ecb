package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bake of a run: what was true before the run is looked at before anything is touched, and the
 * new version is watched once it was verified. Both are in the journal: after a kill the version
 * before and its logs may be gone, and the bake goes on with the time that it has left.
 */
final class BakePhase {

  private static final String WATCH = "watch";

  private final Ports ports;
  private final Journal journal;
  private final RunRecord record;
  private final Plan plan;
  private final PhaseRunner phases;
  private final Measurement probes;
  private @Nullable Baseline before;
  private @Nullable ProbeCount probesBefore;

  BakePhase(
      Ports ports,
      Journal journal,
      RunRecord record,
      Plan plan,
      PhaseRunner phases,
      Measurement probes) {
    this.ports = ports;
    this.journal = journal;
    this.record = record;
    this.plan = plan;
    this.phases = phases;
    this.probes = probes;
    this.before = journal.baseline(record.id()).orElse(null);
  }

  /** The step of a plan that says how long the new version is watched. */
  static PlannedStep step(BakeLimits limits) {
    return new PlannedStep(Phase.BAKE, WATCH, description(limits));
  }

  private static String description(BakeLimits limits) {
    return "watch the new version for "
        + Spans.show(limits.period())
        + ": at most "
        + Spans.percent(limits.errorRate())
        + " server errors, 99 of 100 requests within "
        + Spans.show(limits.p99())
        + ", at most "
        + limits.healthFailures()
        + " failed health "
        + (limits.healthFailures() == 1 ? "probe" : "probes");
  }

  /** What was true before the run; null where it is not known. */
  @Nullable Baseline before() {
    return before;
  }

  /**
   * Looks at what is true before an upgrade, and keeps the terms of its bake: a process that goes
   * on with the run may have other options. That it cannot be read is told, and stops nothing.
   *
   * @param touched whether the run has touched the gateway already
   */
  void lookBefore(boolean touched) {
    if (plan.kind() != Plan.Kind.UPGRADE || touched) {
      return;
    }
    if (before == null) {
      readBefore();
    }
    if (planned() && journal.bake(record.id()).isEmpty()) {
      ports
          .watch()
          .limits()
          .ifPresent(
              limits -> journal.recordBake(record.id(), Bake.toCome(limits, record.startedAt())));
    }
  }

  private void readBefore() {
    try {
      Baseline found = ports.watch().before(record.startedAt());
      journal.recordBaseline(record.id(), found);
      before = found;
    } catch (DeployException.Cancelled | DeployException.Locked e) {
      throw e;
    } catch (DeployException e) {
      ports
          .events()
          .emit(
              new Event.Notice(
                  "the log before the upgrade could not be read, so the new version is not"
                      + " compared with it: "
                      + e.problem().summary()));
    }
  }

  /** Remembers how the health probes did while nothing was touched. */
  void countProbes() {
    probesBefore = probes.count();
  }

  private boolean planned() {
    return plan.steps().stream().anyMatch(step -> step.phase() == Phase.BAKE);
  }

  /**
   * Watches the new version as the plan says.
   *
   * @param log is told how it did, also when it did badly
   * @throws DeployException.StepFailed if it did not keep to the limits
   */
  void run(Consumer<Bake> log) {
    if (!planned()) {
      return;
    }
    Optional<Bake> earlier = journal.bake(record.id());
    if (effect().filter(effect -> effect.state() == EffectRecord.State.DONE).isPresent()) {
      earlier.ifPresent(log);
      return;
    }
    Optional<BakeLimits> limits = earlier.map(Bake::limits).or(() -> ports.watch().limits());
    if (limits.isEmpty()) {
      ports
          .events()
          .emit(
              new Event.Notice(
                  "the plan has a bake, but neither the journal nor the configuration says which:"
                      + " the new version is not watched"));
      return;
    }
    BakeLimits terms = limits.get();
    Bake begun = earlier.filter(BakePhase::hasBegun).orElse(null);
    phases.phase(
        Phase.BAKE,
        () ->
            phases.effect(
                new Effect(Phase.BAKE, WATCH, description(terms), () -> watch(terms, begun, log))));
  }

  /** One that was only recorded before the run has not. */
  private static boolean hasBegun(Bake bake) {
    return bake.probes() > 0 || !bake.duration().isZero();
  }

  private void watch(BakeLimits limits, @Nullable Bake begun, Consumer<Bake> log) {
    Instant since =
        effect().map(EffectRecord::intendedAt).orElseGet(() -> ports.waits().clock().instant());
    Bake bake =
        ports
            .watch()
            .bake(
                new Watch.Baking(
                    limits,
                    since,
                    before,
                    probesBefore,
                    probes,
                    begun,
                    standing -> journal.recordBake(record.id(), standing)));
    journal.recordBake(record.id(), bake);
    log.accept(bake);
    if (bake.verdict() == Verdict.FAIL) {
      throw new DeployException.StepFailed(
          plan.to() + " did not keep to its limits: " + bake.evidence(),
          "find out why from what it logged, then try again");
    }
    if (bake.verdict() == Verdict.WARN) {
      ports.events().emit(new Event.Notice("bake: " + bake.evidence()));
    }
  }

  /** Its intent keeps the time at which it was first meant, also when it is repeated. */
  private Optional<EffectRecord> effect() {
    return journal.effects(record.id()).stream()
        .filter(effect -> effect.phase() == Phase.BAKE && effect.name().equals(WATCH))
        .findFirst();
  }
}
