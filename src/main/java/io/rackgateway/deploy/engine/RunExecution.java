package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.Owner;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan, from the lock to its end: forward through the phases, or back when one fails.
 * It alone knows their order. It may begin anywhere in the middle, after another process was killed
 * there: effects look before they act, so going through them again is safe; only those that are
 * costly or can be done once, and that the journal says are done, are passed over.
 */
final class RunExecution {

  /** What must not be repeated without need: dumping again and migrating again. */
  private static final Set<Phase> ONCE = EnumSet.of(Phase.BACKUP, Phase.MIGRATE);

  /** Phases whose effects change what users of the gateway meet. */
  private static final Set<Phase> TOUCHING = EnumSet.of(Phase.MIGRATE, Phase.ROLLOUT);

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RunRecord record;
  private final Plan plan;
  private final Course course;
  private final Lock lock;
  private final Deployment deployment;
  private final PhaseRunner phases;
  private final RunLog log;

  /** Where a run stands when it is taken up. */
  enum Course {
    /** It begins. */
    BEGIN,
    /** It was interrupted, and the journal tells what it did. */
    RESUME,
    /**
     * It was interrupted, the journal is lost, and the platform runs its target: what is left is to
     * verify that.
     */
    VERIFY_ONLY,
    /** It was interrupted and the journal is lost: whatever it did has to be undone. */
    UNDO_UNKNOWN
  }

  RunExecution(
      Settings settings,
      Ports ports,
      Journal journal,
      RunRecord record,
      Plan plan,
      Lock lock,
      Course course) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.record = record;
    this.plan = plan;
    this.lock = lock;
    this.course = course;
    this.deployment = new Deployment(record.id(), plan);
    this.phases = new PhaseRunner(record.id(), journal, lock, ports.events(), cancellation());
    this.log =
        new RunLog(
            record.id(),
            record.command(),
            plan,
            ports.waits().clock(),
            record.startedAt(),
            phases::timings);
  }

  /**
   * Carries the plan out, or back.
   *
   * @param undoing why the run is to be undone rather than finished; null to finish it
   */
  RunResult execute(@Nullable String undoing) {
    ports
        .events()
        .emit(
            new Event.RunStarted(
                record.command(),
                plan.gateway(),
                plan.platform(),
                plan.from().tag(),
                plan.to().tag(),
                plan.hash(),
                course != Course.BEGIN));
    RunResult result;
    try (Measurement availability = ports.probe().start()) {
      result = guarded(undoing, availability);
    } catch (DeployException.Locked e) {
      result = log.result(ExitCode.LOCKED, e.problem(), false);
    }
    boolean another = result.outcome() == ExitCode.LOCKED && course != Course.BEGIN;
    if (!lock.lost() && !another) {
      journal.finish(record.id(), result);
    }
    ports.events().emit(new Event.RunFinished(result));
    return result;
  }

  private RunResult guarded(@Nullable String undoing, Measurement availability) {
    try {
      phases.phase(Phase.LOCK, this::placeMark);
      if (undoing != null) {
        return undo(Problem.of(undoing, ""), availability);
      }
      if (course != Course.VERIFY_ONLY) {
        forward();
      }
      verifyTarget();
      cancellation().throwIfPending();
      // It has arrived: asked to stop from here on, it ends with what it has reached.
      cancellation().acknowledge();
      phases.phase(Phase.RELEASE, this::clearMark);
      measured(availability);
      return log.result(ExitCode.DONE, doneMessage(availability), false);
    } catch (DeployException.Locked e) {
      throw e;
    } catch (DeployException.Cancelled e) {
      return cancelled(e, availability);
    } catch (DeployException e) {
      return failed(e.problem(), availability);
    }
  }

  private void forward() {
    List<Effect> backup = backupEffects();
    if (!backup.isEmpty()) {
      phases.phase(Phase.BACKUP, () -> effects(backup));
    }
    driverPhase(Phase.PREPARE);
    driverPhase(Phase.MIGRATE);
    driverPhase(Phase.ROLLOUT);
  }

  private void verifyTarget() {
    phases.phase(
        Phase.VERIFY,
        () -> {
          String image = driver().resolve(plan.toReference()).orElse(null);
          boolean upgraded = plan.kind() == Plan.Kind.UPGRADE;
          verify(new Expectation(plan.to(), image, rolloutBegan(), upgraded));
        });
    log.running(plan.to());
  }

  private void driverPhase(Phase phase) {
    List<PlannedStep> planned = plan.steps().stream().filter(s -> s.phase() == phase).toList();
    if (planned.isEmpty()) {
      return;
    }
    phases.phase(
        phase,
        () -> {
          List<Effect> offered = driver().effects(phase, deployment);
          List<Effect> chosen = new ArrayList<>();
          for (PlannedStep step : planned) {
            chosen.add(
                offered.stream()
                    .filter(effect -> effect.name().equals(step.name()))
                    .findFirst()
                    .orElseThrow(() -> unknownStep(step)));
          }
          effects(chosen);
        });
  }

  private static DeployException unknownStep(PlannedStep step) {
    return new DeployException.StepFailed(
        "the plan has a step '" + step.name() + "' that this version of the tool does not know",
        "carry the plan out with the version of the tool that made it, or make a new plan");
  }

  private void effects(List<Effect> effects) {
    List<EffectRecord> known = course == Course.RESUME ? journal.effects(record.id()) : List.of();
    for (Effect effect : effects) {
      boolean done =
          known.stream()
              .anyMatch(
                  e ->
                      e.phase() == effect.phase()
                          && e.name().equals(effect.name())
                          && e.state() == EffectRecord.State.DONE);
      if (!(done && ONCE.contains(effect.phase()))) {
        phases.effect(effect);
      }
    }
  }

  private List<Effect> backupEffects() {
    if (plan.kind() == Plan.Kind.ROLLBACK) {
      return List.of();
    }
    return ports.backup().steps().stream()
        .map(step -> new Effect(step.phase(), step.name(), step.description(), this::takeBackup))
        .toList();
  }

  private void takeBackup() {
    Backup backup =
        ports.backup().backup(new BackupProvider.Request(record.id(), plan.gateway(), plan.from()));
    journal.recordBackup(record.id(), backup);
    log.backup(backup);
    ports.events().emit(new Event.BackupTaken(backup));
  }

  private void verify(Expectation expectation) {
    List<Check> checks = ports.verifier().verify(expectation);
    log.checks(checks);
    List<String> failures =
        checks.stream()
            .filter(check -> check.verdict() == Verdict.FAIL)
            .map(check -> check.name() + ": " + check.evidence())
            .toList();
    if (!failures.isEmpty()) {
      throw new DeployException.StepFailed(
          new NotVerified(driver(), expectation, failures).problem());
    }
  }

  private RunResult failed(Problem problem, Measurement availability) {
    String where = failedPhase();
    if (!settings.rollbackAutomatically()) {
      log.running(null);
      measured(availability);
      return log.result(
          ExitCode.FAILED,
          new Problem(
              describe("failed in " + where + ": " + problem.summary())
                  + "; it was left as it is because rollback.automatic is off",
              "run 'resume' to try again, or 'rollback' to bring back " + plan.from(),
              problem.details()),
          false);
    }
    return undo(
        new Problem(
            "failed in " + where + ": " + problem.summary(), problem.next(), problem.details()),
        availability);
  }

  private RunResult cancelled(DeployException.Cancelled e, Measurement availability) {
    cancellation().acknowledge();
    String why = "was stopped (" + e.problem().summary() + ")";
    if (settings.undoWhenCancelled() && !lock.lost()) {
      return undo(Problem.of(why, ""), availability);
    }
    log.running(null);
    measured(availability);
    return log.result(
        ExitCode.INTERRUPTED,
        Problem.of(
            describe(why),
            "run 'resume' to finish it, or 'resume --undo' to bring back " + plan.from()),
        false);
  }

  /** Brings back what ran before, verifies it, and says why that was needed. */
  private RunResult undo(Problem why, Measurement availability) {
    cancellation().acknowledge();
    boolean touched = touched();
    journal.turnBack(record.id(), why.summary());
    try {
      if (touched) {
        phases.phase(
            Phase.ROLLBACK,
            () -> driver().effects(Phase.ROLLBACK, deployment).forEach(phases::effect));
      }
      Instant since = ports.waits().clock().instant();
      phases.phase(
          Phase.VERIFY_ROLLBACK,
          () -> verify(new Expectation(plan.from(), plan.fromImage(), since, false)));
      log.running(plan.from());
      phases.phase(Phase.RELEASE, this::clearMark);
    } catch (DeployException.Locked e) {
      throw e;
    } catch (DeployException e) {
      return notUndone(why, e, availability);
    }
    measured(availability);
    List<String> details = new ArrayList<>(why.details());
    if (migrated()) {
      details.add(
          "the database keeps the schema of "
              + plan.to()
              + "; migrations within a major version are additive, and "
              + plan.from()
              + " was verified on it");
    }
    String end =
        touched
            ? "; " + plan.from() + " runs again and was verified"
            : "; nothing was changed, and " + plan.from() + " was verified";
    return log.result(
        ExitCode.UNDONE,
        new Problem(
            describe(why.summary()) + end,
            why.next().isEmpty()
                ? "to try again, run the " + record.command() + " again"
                : why.next(),
            details),
        touched);
  }

  private RunResult notUndone(Problem why, DeployException e, Measurement availability) {
    measured(availability);
    List<String> details = new ArrayList<>(why.details());
    details.addAll(e.problem().details());
    log.running(null);
    details.add("found now: " + stateForPeople());
    Backup backup = log.backup();
    if (backup != null) {
      details.add("the backup from before: " + backup.location());
    }
    return log.result(
        ExitCode.FAILED,
        new Problem(
            describe(why.summary())
                + "; bringing back "
                + plan.from()
                + " failed too: "
                + e.problem().summary(),
            e.problem().next() + "; then run 'resume' to go on undoing it",
            details),
        false);
  }

  private String stateForPeople() {
    try {
      var observation = driver().observe();
      return observation.location()
          + " names "
          + observation.reference()
          + "; instances: "
          + observation.instances().stream()
              .map(i -> i.name() + " " + i.reference() + " " + i.state().label())
              .toList();
    } catch (DeployException e) {
      return e.problem().summary();
    }
  }

  private void placeMark() {
    phases.effect(
        new Effect(
            Phase.LOCK,
            "place-mark",
            "leave this run's mark on the platform",
            () ->
                driver()
                    .placeMark(
                        new Mark(
                            record.id(),
                            Owner.self().toString(),
                            record.startedAt(),
                            ports.json().write(plan)))));
  }

  private void clearMark() {
    phases.effect(
        new Effect(
            Phase.RELEASE,
            "clear-mark",
            "remove this run's mark from the platform",
            () -> driver().clearMark(record.id())));
  }

  private boolean touched() {
    return course == Course.UNDO_UNKNOWN
        || journal.effects(record.id()).stream().anyMatch(e -> TOUCHING.contains(e.phase()));
  }

  private boolean migrated() {
    return journal.effects(record.id()).stream()
        .anyMatch(e -> e.phase() == Phase.MIGRATE && e.state() == EffectRecord.State.DONE);
  }

  /** Since when logs count: since the rollout first began, also when another process began it. */
  private Instant rolloutBegan() {
    return journal.effects(record.id()).stream()
        .filter(e -> e.phase() == Phase.ROLLOUT)
        .map(EffectRecord::intendedAt)
        .min(Instant::compareTo)
        .orElse(record.startedAt());
  }

  private String failedPhase() {
    return phases.timings().stream()
        .filter(timing -> !timing.succeeded())
        .reduce((first, second) -> second)
        .map(timing -> timing.phase().label())
        .orElse("the run");
  }

  private void measured(Measurement availability) {
    log.downtime(availability.downtime().orElse(null));
  }

  private Problem doneMessage(Measurement availability) {
    String verb = plan.kind() == Plan.Kind.UPGRADE ? "upgraded" : "rolled back";
    String down =
        availability
            .downtime()
            .map(
                downtime ->
                    downtime.outages().isEmpty()
                        ? "; no interruption was seen"
                        : "; interrupted for " + downtime.total().toMillis() + " ms")
            .orElse("");
    return Problem.of(
        "'" + plan.gateway() + "' was " + verb + " from " + plan.from() + " to " + plan.to() + down,
        "");
  }

  private String describe(String what) {
    return record.command() + " of '" + plan.gateway() + "' to " + plan.to() + " " + what;
  }

  private DeployDriver driver() {
    return ports.driver();
  }

  private Cancellation cancellation() {
    return ports.waits().cancellation();
  }
}
