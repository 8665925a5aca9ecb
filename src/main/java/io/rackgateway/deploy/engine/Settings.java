package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Acceptance;
import java.time.Duration;
import java.util.List;

/**
 * What the engine is told about this gateway and this runner.
 *
 * @param gateway the gateway's name
 * @param toolVersion this tool's version, recorded in plans
 * @param migrate whether migrations are run before the rollout
 * @param migrateTimeout how long a migration may take; bounds the wait for one that outlived its
 *     run
 * @param rollbackAutomatically whether a failed run undoes itself
 * @param databaseRollback whether a failed run may restore the database, where the version before
 *     cannot work with it otherwise
 * @param undoWhenCancelled whether a cancelled run undoes itself; otherwise it stops, resumable
 * @param accept what the configuration decides about gates that would block
 * @param gateDeadline how long a gate gets to be evaluated
 * @param lease how long the lock outlives its owner
 */
public record Settings(
    String gateway,
    String toolVersion,
    boolean migrate,
    Duration migrateTimeout,
    boolean rollbackAutomatically,
    DatabaseRollback databaseRollback,
    boolean undoWhenCancelled,
    List<Acceptance> accept,
    Duration gateDeadline,
    Duration lease) {

  /** What a failed run may do about the database. */
  public enum DatabaseRollback {
    /** Nothing. */
    NEVER,
    /** Name the command that restores it. */
    ASK,
    /** Restore it from the run's own backup. */
    AUTOMATIC
  }

  public Settings {
    accept = List.copyOf(accept);
  }
}
