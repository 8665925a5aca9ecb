package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The phases that change something on the way to the target: exactly the steps of the plan, in its
 * order. After an interruption they are gone through again; only what is costly, and done by the
 * journal's word, is passed over.
 */
final class ForwardPhases {

  /** What must not be repeated without need: dumping, restoring and migrating again. */
  private static final Set<Phase> ONCE = EnumSet.of(Phase.BACKUP, Phase.REHEARSE, Phase.MIGRATE);

  private final Ports ports;
  private final Journal journal;
  private final Deployment deployment;
  private final PhaseRunner phases;
  private final Consumer<Backup> backups;
  private final @Nullable RestorePhases restore;
  private @Nullable Backup taken;

  /**
   * @param backups is told of the backup that was taken
   * @param restore what restores the database; null when it stays
   */
  ForwardPhases(
      Ports ports,
      Journal journal,
      Deployment deployment,
      PhaseRunner phases,
      Consumer<Backup> backups,
      @Nullable RestorePhases restore) {
    this.ports = ports;
    this.journal = journal;
    this.deployment = deployment;
    this.phases = phases;
    this.backups = backups;
    this.restore = restore;
  }

  /**
   * Goes through them.
   *
   * @param beforeTouching what is to be done last before users of the gateway notice anything
   */
  void run(Runnable beforeTouching) {
    try (Proving proving = ports.proving()) {
      backup(proving);
      rehearse(proving);
    }
    driverPhase(Phase.PREPARE);
    beforeTouching.run();
    driverPhase(Phase.MIGRATE);
    if (restore != null) {
      phases.phase(Phase.RESTORE, () -> restore.forward().forEach(phases::effect));
    }
    driverPhase(Phase.ROLLOUT);
  }

  private void backup(Proving proving) {
    if (plan().kind() == Plan.Kind.ROLLBACK) {
      return;
    }
    List<Effect> effects = new ArrayList<>();
    for (PlannedStep step : ports.backup().steps()) {
      effects.add(effect(step, this::takeBackup));
    }
    boolean keep = !planned(Phase.REHEARSE, Proving.REHEARSE).isEmpty();
    for (PlannedStep step : planned(Phase.BACKUP, Proving.PROVE)) {
      effects.add(effect(step, () -> known(proving.prove(deployment.run(), backup(), keep))));
    }
    if (!effects.isEmpty()) {
      phases.phase(Phase.BACKUP, () -> effects(effects));
    }
  }

  private void rehearse(Proving proving) {
    List<Effect> effects =
        planned(Phase.REHEARSE, Proving.REHEARSE).stream()
            .map(
                step ->
                    effect(
                        step,
                        () ->
                            known(
                                proving.rehearse(
                                    deployment.run(),
                                    backup(),
                                    plan().to(),
                                    plan().outlook().breaksOldVersion()))))
            .toList();
    if (!effects.isEmpty()) {
      phases.phase(Phase.REHEARSE, () -> effects(effects));
    }
  }

  private static Effect effect(PlannedStep step, Effect.Action action) {
    return new Effect(step.phase(), step.name(), step.description(), action);
  }

  private List<PlannedStep> planned(Phase phase, String name) {
    return plan().steps().stream()
        .filter(step -> step.phase() == phase && step.name().equals(name))
        .toList();
  }

  private void takeBackup() {
    Backup backup = backup();
    known(backup);
    ports.events().emit(new Event.BackupTaken(backup));
  }

  /** The run's backup: asked for again, the provider finds the one that there is. */
  private Backup backup() {
    Backup known = taken;
    return known == null
        ? ports
            .backup()
            .backup(new BackupProvider.Request(deployment.run(), plan().gateway(), plan().from()))
        : known;
  }

  private void known(Backup backup) {
    taken = backup;
    journal.recordBackup(deployment.run(), backup);
    backups.accept(backup);
  }

  private void driverPhase(Phase phase) {
    List<PlannedStep> planned = plan().steps().stream().filter(s -> s.phase() == phase).toList();
    if (planned.isEmpty()) {
      return;
    }
    phases.phase(
        phase,
        () -> {
          List<Effect> offered = ports.driver().effects(phase, deployment);
          List<Effect> chosen = new ArrayList<>();
          for (PlannedStep step : planned) {
            chosen.add(
                offered.stream()
                    .filter(effect -> effect.name().equals(step.name()))
                    .findFirst()
                    .orElseThrow(() -> unknown(step)));
          }
          effects(chosen);
        });
  }

  private static DeployException unknown(PlannedStep step) {
    return new DeployException.StepFailed(
        "the plan has a step '" + step.name() + "' that this version of the tool does not know",
        "carry the plan out with the version of the tool that made it, or make a new plan");
  }

  private void effects(List<Effect> effects) {
    List<EffectRecord> known = journal.effects(deployment.run());
    for (Effect effect : effects) {
      if (!(ONCE.contains(effect.phase()) && done(effect, known))) {
        phases.effect(effect);
      }
    }
  }

  private static boolean done(Effect effect, List<EffectRecord> known) {
    return known.stream()
        .anyMatch(
            record ->
                record.phase() == effect.phase()
                    && record.name().equals(effect.name())
                    && record.state() == EffectRecord.State.DONE);
  }

  private Plan plan() {
    return deployment.plan();
  }
}
