package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import java.util.Optional;

/**
 * The phase before a run changes anything: each command once, however often the run is taken up,
 * and none once something else was begun.
 */
final class BeforeHooks {

  private final Hooks hooks;
  private final Journal journal;
  private final PhaseRunner phases;

  BeforeHooks(Hooks hooks, Journal journal, PhaseRunner phases) {
    this.hooks = hooks;
    this.journal = journal;
    this.phases = phases;
  }

  /**
   * Runs them.
   *
   * @return why the run must not begin; empty when it may
   */
  Optional<Problem> run(RunId run, Plan plan) {
    List<EffectRecord> known = journal.effects(run);
    boolean begun = known.stream().anyMatch(effect -> effect.phase() != Phase.BEFORE);
    List<Effect> left =
        begun
            ? List.of()
            : hooks.before(run, plan).stream().filter(effect -> !done(effect, known)).toList();
    if (left.isEmpty()) {
      return Optional.empty();
    }
    try {
      phases.phase(Phase.BEFORE, () -> left.forEach(phases::effect));
      return Optional.empty();
    } catch (DeployException.Blocked e) {
      return Optional.of(e.problem());
    }
  }

  private static boolean done(Effect effect, List<EffectRecord> known) {
    return known.stream()
        .anyMatch(
            record ->
                record.name().equals(effect.name()) && record.state() == EffectRecord.State.DONE);
  }
}
