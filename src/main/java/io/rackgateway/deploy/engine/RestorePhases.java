package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.restore.Restorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The part of a run that brings the database back to a backup, and the way back from there. The
 * gateway runs while the copy is made, which takes longest; it is stopped while what was written
 * since is saved and the two change places.
 */
final class RestorePhases {

  static final String INTERRUPTION =
      "from before what was written since the backup is saved until the gateway has started again";

  static final String ROUTE_BACK =
      "put the database back that is live now, which is kept beside the restored one; ";

  private static final String COPY = "make-copy";
  private static final String STOP = "stop-gateway";
  private static final String STOP_TO_RESTORE = "stop-gateway-to-restore";
  private static final String SAVE = "save-delta";
  private static final String SWITCH = "switch-database";

  private final Ports ports;
  private final Restorer restorer;
  private final Journal journal;
  private final Deployment deployment;
  private final RunLog log;
  private final String backupId;

  /**
   * @param backupId the backup that the database is restored from
   */
  RestorePhases(Ports ports, Journal journal, Deployment deployment, RunLog log, String backupId) {
    this.ports = ports;
    this.restorer = ports.restorer();
    this.journal = journal;
    this.deployment = deployment;
    this.log = log;
    this.backupId = backupId;
  }

  static List<PlannedStep> steps(Restorer restorer, Backup backup) {
    return List.of(
        new PlannedStep(Phase.RESTORE, COPY, restorer.describeCopy(backup)),
        new PlannedStep(Phase.RESTORE, STOP, "stop every instance of the gateway"),
        new PlannedStep(
            Phase.RESTORE,
            SAVE,
            "shut the database to others and save what was written since the backup, beside it"),
        new PlannedStep(Phase.RESTORE, SWITCH, restorer.describeSwitch()));
  }

  /**
   * The gate {@code backup-version}: whether the version is the one that the backup was made of.
   */
  static Gate fits(Backup backup, Version to) {
    Version then = backup.gatewayVersion();
    String name = "backup-version";
    if (to.equals(then)) {
      return Gate.pass(name, "the backup was taken while " + to + " ran");
    }
    return Gate.warn(
        name,
        then == null
            ? "which version ran when the backup was taken is not known"
            : "the backup was taken while " + then + " ran, and " + to + " will run on it",
        "make sure that " + to + " can work with the database as it was then");
  }

  /** Whether an effect of this part stops or changes what users meet; making a copy does not. */
  static boolean touches(EffectRecord effect) {
    return effect.phase() == Phase.RESTORE && !effect.name().equals(COPY);
  }

  List<Effect> forward() {
    return effects(Phase.RESTORE);
  }

  /** Whether the effect restores the database as part of the undoing of an upgrade. */
  static boolean restoresInUndoing(EffectRecord effect) {
    return effect.phase() == Phase.ROLLBACK && effect.name().equals(STOP_TO_RESTORE);
  }

  /** Makes the copy, for the undoing of an upgrade; touches nothing that is live. */
  Effect copyInUndoing() {
    return effects(Phase.ROLLBACK).get(0);
  }

  /** What follows the copy in the undoing of an upgrade. */
  List<Effect> switchInUndoing() {
    return effects(Phase.ROLLBACK).stream().skip(1).toList();
  }

  /** Puts the live database back where restoring it half-way failed; not once it is switched. */
  Effect abandonInUndoing() {
    return back(
        "abandon-restore",
        "let the gateway into the database again that was live",
        () -> {
          if (!restorer.switched(run())) {
            restorer.switchBack(run());
            restorer.discardCopy(run());
          }
        });
  }

  private List<Effect> effects(Phase phase) {
    return steps(restorer, backup()).stream()
        .map(
            step ->
                new Effect(
                    phase,
                    phase == Phase.ROLLBACK && step.name().equals(STOP)
                        ? STOP_TO_RESTORE
                        : step.name(),
                    step.description(),
                    action(step.name())))
        .toList();
  }

  private Effect.Action action(String step) {
    return switch (step) {
      case COPY -> () -> restorer.makeCopy(backup(), run());
      case STOP ->
          () -> {
            // Once switched, what runs is what is wanted.
            if (!restorer.switched(run())) {
              stop();
            }
          };
      case SAVE -> this::save;
      default -> () -> restorer.switchOver(backup(), run());
    };
  }

  private void stop() {
    ports.driver().effects(Phase.RESTORE, deployment).forEach(effect -> effect.action().run());
  }

  private void save() {
    Restored.Delta delta = restorer.saveDelta(backup(), run());
    ports
        .events()
        .emit(
            new Event.Notice(
                "saved what was written since the backup: "
                    + delta.summary()
                    + ", in "
                    + delta.location()));
  }

  /**
   * The way back.
   *
   * @param touched whether the gateway may have been stopped
   * @param driver what brings the gateway back that ran before
   */
  List<Effect> back(boolean touched, List<Effect> driver) {
    List<Effect> effects = new ArrayList<>();
    if (touched) {
      effects.add(
          back(
              STOP,
              "stop what runs on the restored database, if that is live",
              () -> {
                if (restorer.switched(run())) {
                  stop();
                }
              }));
      effects.add(
          back(
              "switch-database-back",
              "put the database back that was live before",
              () -> restorer.switchBack(run())));
    }
    effects.addAll(driver);
    if (touched || began()) {
      effects.add(
          back(
              "drop-copy",
              "remove the restored copy, unless it was live",
              () -> restorer.discardCopy(run())));
    }
    return effects;
  }

  private static Effect back(String name, String description, Effect.Action action) {
    return new Effect(Phase.ROLLBACK, name, description, action);
  }

  private boolean began() {
    return journal.effects(run()).stream().anyMatch(effect -> effect.phase() == Phase.RESTORE);
  }

  /** Whether the restored database is live. */
  boolean switched() {
    return restorer.switched(run());
  }

  /** Notes for the result what became of the database. */
  void tell() {
    try {
      log.restored(restorer.restored(backup(), run()));
    } catch (DeployException e) {
      log.restored(new Restored(id(), null, null));
    }
  }

  /** The reason of an undoing, with what it left beside the database. */
  Problem leftBehind(Problem why) {
    List<String> details = new ArrayList<>(why.details());
    try {
      restorer
          .retired(run())
          .ifPresent(
              copy ->
                  details.add(
                      "what was written while the restored database was live is kept in database '"
                          + copy
                          + "'; 'restore --drop-old' removes it"));
    } catch (DeployException e) {
      details.add(e.problem().summary());
    }
    return new Problem(why.summary(), why.next(), details);
  }

  /** A failure of the undoing, with which database is live now. */
  Problem state(Problem problem) {
    List<String> details = new ArrayList<>(problem.details());
    try {
      details.add(
          restorer.switched(run())
              ? "the restored database is live, and the one from before is kept as '"
                  + restorer.restored(backup(), run()).oldDatabase()
                  + "'"
              : "the database from before is live");
    } catch (DeployException e) {
      details.add("which database is live is not known: " + e.problem().summary());
    }
    return new Problem(problem.summary(), problem.next(), details);
  }

  private Backup backup() {
    return find()
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "the backup " + id() + " is no longer there",
                    "bring it back to where it was, or run 'resume --undo'"));
  }

  private Optional<Backup> find() {
    return ports.backup().list(deployment.plan().gateway()).stream()
        .filter(backup -> backup.id().equals(id()))
        .findFirst()
        .or(() -> journal.backup(id()));
  }

  private String id() {
    return backupId;
  }

  private RunId run() {
    return deployment.run();
  }
}
