package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.util.Optional;

/**
 * Restores the database in the undoing of an upgrade, before the version before is started again.
 * Where that fails before the databases have changed places, the one that was live stays so, and
 * the version before has to be tried on it: a gateway that runs is worth more than one that waits.
 */
final class DatabaseUndoing {

  private final RestorePhases restore;
  private final PhaseRunner phases;
  private final EventStream events;

  DatabaseUndoing(RestorePhases restore, PhaseRunner phases, EventStream events) {
    this.restore = restore;
    this.phases = phases;
    this.events = events;
  }

  /**
   * Restores the database.
   *
   * @return why the database is still the migrated one; empty when it is restored
   * @throws DeployException.StepFailed if it is not known which database is live
   */
  Optional<Problem> restore() {
    try {
      phases.effect(restore.copyInUndoing());
      for (Effect effect : restore.switchInUndoing()) {
        phases.effect(effect);
      }
      restore.tell();
      return Optional.empty();
    } catch (DeployException.StepFailed e) {
      events.emit(new Event.Notice("the database is not restored: " + e.problem().summary()));
      phases.effect(restore.abandonInUndoing());
      return restore.switched() ? Optional.empty() : Optional.of(e.problem());
    }
  }
}
