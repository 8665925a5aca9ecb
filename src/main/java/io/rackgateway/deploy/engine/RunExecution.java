package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.Owner;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan, from the lock to its end: forward through the phases, or back when one fails.
 * It alone knows their order. It may begin anywhere in the middle, after another process was killed
 * there: effects look before they act, so going through them again is safe.
 */
final class RunExecution {

  /** Phases whose effects change what users of the gateway meet. */
  private static final Set<Phase> TOUCHING = EnumSet.of(Phase.MIGRATE, Phase.ROLLOUT);

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RunRecord record;
  private final Plan plan;
  private final Lock lock;
  private final Course course;
  private final Deployment deployment;
  private final PhaseRunner phases;
  private final RunLog log;
  private final RunResults results;
  private final @Nullable RestorePhases restore;

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
    this.results =
        new RunResults(record.command(), plan, ports.driver(), log, course != Course.BEGIN);
    this.restore =
        plan.restores() == null
            ? null
            : new RestorePhases(ports, journal, deployment, log, plan.restores());
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
      result = results.locked(e.problem());
    }
    boolean another = result.outcome() == ExitCode.LOCKED && course != Course.BEGIN;
    if (!lock.lost() && !another) {
      // Before the run is known to have ended: one that is killed here is resumed, and does it.
      ports.hooks().after(plan, result);
      journal.finish(record.id(), result);
    }
    ports.events().emit(new Event.RunFinished(result));
    return result;
  }

  private RunResult guarded(@Nullable String undoing, Measurement availability) {
    try {
      Optional<Problem> refusal =
          undoing == null
              ? new BeforeHooks(ports.hooks(), journal, phases).run(record.id(), plan)
              : Optional.empty();
      if (refusal.isPresent()) {
        return results.refused(refusal.get());
      }
      phases.phase(Phase.LOCK, this::placeMark);
      BakePhase bake = new BakePhase(ports, journal, record, plan, phases, availability);
      if (undoing != null) {
        return undo(Problem.of(undoing, ""), availability);
      }
      if (course != Course.VERIFY_ONLY) {
        bake.lookBefore(touched());
        new ForwardPhases(ports, journal, deployment, phases, log::backup, restore)
            .run(bake::countProbes);
      }
      phases.phase(Phase.VERIFY, () -> verifyTarget(bake.before()));
      bake.run(log::bake);
      cancellation().throwIfPending();
      // It has arrived: asked to stop from here on, it ends with what it has reached.
      cancellation().acknowledge();
      phases.phase(Phase.RELEASE, this::clearMark);
      if (restore != null) {
        restore.tell();
      }
      return results.done(measured(availability));
    } catch (DeployException.Locked e) {
      throw e;
    } catch (DeployException.Cancelled e) {
      return cancelled(e, availability);
    } catch (DeployException e) {
      return failed(e.problem(), availability);
    }
  }

  private RunResult failed(Problem problem, Measurement availability) {
    Problem why =
        new Problem(
            "failed in " + failedPhase() + ": " + problem.summary(),
            problem.next(),
            problem.details());
    // Now: undoing it takes the evidence away.
    gatherEvidence(why);
    if (settings.rollbackAutomatically()) {
      return undo(why, availability);
    }
    measured(availability);
    return results.left(why);
  }

  /** Once, of the first failure; a run that was asked to stop has no time for it. */
  private void gatherEvidence(Problem why) {
    if (log.diagnostics() == null && cancellation().reason() == null) {
      log.diagnostics(ports.diagnostics().gather(record.id(), plan, why).orElse(null));
    }
  }

  private RunResult cancelled(DeployException.Cancelled e, Measurement availability) {
    cancellation().acknowledge();
    Problem why = Problem.of("was stopped (" + e.problem().summary() + ")", "");
    if (settings.undoWhenCancelled() && !lock.lost()) {
      return undo(why, availability);
    }
    measured(availability);
    return results.interrupted(why);
  }

  /** Brings back what ran before, verifies it, and says why that was needed. */
  private RunResult undo(Problem why, Measurement availability) {
    cancellation().acknowledge();
    boolean touched = touched();
    boolean ranBefore = plan.instances().stream().anyMatch(Instance::serving);
    Instant since = ports.waits().clock().instant();
    journal.turnBack(record.id(), why.summary());
    journal.backupOf(record.id()).ifPresent(log::backup);
    RollbackRoute route = route(touched);
    try {
      if (route.restoresDatabase() || touched || restore != null) {
        route = bringBack(route, touched);
      }
      if (ranBefore) {
        phases.phase(
            Phase.VERIFY_ROLLBACK,
            () -> verify(new Expectation(plan.from(), plan.fromImage(), since, false)));
      }
      phases.phase(Phase.RELEASE, this::clearMark);
    } catch (DeployException.Locked e) {
      throw e;
    } catch (DeployException e) {
      measured(availability);
      gatherEvidence(why);
      RestorePhases database = route.restoresDatabase() ? restoring() : restore;
      return results.notUndone(
          why, database == null ? e.problem() : database.state(e.problem()), route);
    }
    measured(availability);
    if (restore != null) {
      why = restore.leftBehind(why);
    }
    return ranBefore ? results.undone(why, touched, route) : results.undoneToNothing(why);
  }

  /** How an upgrade is undone; a run of another kind has brought along what it needs for that. */
  private RollbackRoute route(boolean touched) {
    if (!touched || plan.kind() != Plan.Kind.UPGRADE) {
      return RollbackRoute.application("no migration was begun");
    }
    RollbackRoute route =
        new RouteChoice(settings, ports, journal, record.id(), plan)
            .choose(course == Course.UNDO_UNKNOWN);
    ports.events().emit(new Event.Notice(route.sentence(plan.from().tag())));
    return route;
  }

  /**
   * The phase ROLLBACK.
   *
   * @return the route that was gone
   */
  private RollbackRoute bringBack(RollbackRoute chosen, boolean touched) {
    RollbackRoute[] gone = {chosen};
    List<Effect> back = back(touched);
    if (!back.isEmpty()) {
      phases.phase(
          Phase.ROLLBACK,
          () -> {
            if (chosen.restoresDatabase()) {
              new DatabaseUndoing(restoring(), phases, ports.events())
                  .restore()
                  .ifPresent(problem -> gone[0] = chosen.withoutDatabase(problem.summary()));
            }
            back.forEach(phases::effect);
          });
    }
    return gone[0];
  }

  /** Restores the database from the backup that this run took. */
  private RestorePhases restoring() {
    String backup =
        journal
            .backupOf(record.id())
            .map(Backup::id)
            .orElseThrow(() -> new IllegalStateException("a run without a backup restores none"));
    return new RestorePhases(ports, journal, deployment, log, backup);
  }

  /** What brings back what was before; the database goes first, and comes after a stop. */
  private List<Effect> back(boolean touched) {
    List<Effect> driver = touched ? ports.driver().effects(Phase.ROLLBACK, deployment) : List.of();
    return restore == null ? driver : restore.back(touched, driver);
  }

  /**
   * Undoes what the run did to the platform, for a restore of the database that follows: whether
   * the version before works can only be told after that.
   */
  RunResult handOver() {
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
                true));
    String why = "was interrupted or failed, and is undone before its database is restored";
    journal.turnBack(record.id(), why);
    RunResult result;
    try {
      phases.phase(Phase.LOCK, this::placeMark);
      List<String> trouble = new ArrayList<>();
      if (touched()) {
        try {
          phases.phase(Phase.ROLLBACK, () -> back(true).forEach(phases::effect));
        } catch (DeployException.StepFailed e) {
          trouble.add(e.problem().summary());
        }
      }
      phases.phase(Phase.RELEASE, this::clearMark);
      result = results.handedOver(new Problem(why, "", trouble));
    } catch (DeployException.Locked e) {
      result = results.locked(e.problem());
    } catch (DeployException.Cancelled e) {
      result = results.interrupted(Problem.of("was stopped (" + e.problem().summary() + ")", ""));
    } catch (DeployException e) {
      result =
          results.notUndone(
              Problem.of(why, ""), e.problem(), RollbackRoute.application("a restore follows"));
    }
    if (!lock.lost() && result.outcome() != ExitCode.LOCKED) {
      journal.finish(record.id(), result);
    }
    ports.events().emit(new Event.RunFinished(result));
    return result;
  }

  private void verifyTarget(@Nullable Baseline before) {
    String image = ports.driver().resolve(plan.toReference()).orElse(null);
    boolean upgraded = plan.kind() == Plan.Kind.UPGRADE;
    List<String> migrations =
        upgraded && settings.migrate()
            ? plan.outlook().migrations().stream().map(PendingMigration::version).toList()
            : List.of();
    verify(
        new Expectation(plan.to(), image, rolloutBegan(), upgraded)
            .withMigrations(migrations)
            .comparedWith(before));
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
          new NotVerified(ports.driver(), expectation, failures).problem());
    }
  }

  private void placeMark() {
    phases.effect(
        new Effect(
            Phase.LOCK,
            "place-mark",
            "leave this run's mark on the platform",
            () ->
                ports
                    .driver()
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
            () -> ports.driver().clearMark(record.id())));
  }

  private boolean touched() {
    return course == Course.UNDO_UNKNOWN
        || journal.effects(record.id()).stream()
            .anyMatch(e -> TOUCHING.contains(e.phase()) || RestorePhases.touches(e));
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

  private Optional<Downtime> measured(Measurement availability) {
    Optional<Downtime> downtime = availability.downtime();
    log.downtime(downtime.orElse(null));
    return downtime;
  }

  private Cancellation cancellation() {
    return ports.waits().cancellation();
  }
}
