package io.rackgateway.deploy.engine;

import java.time.Duration;

/**
 * What the engine is told about this gateway and this runner.
 *
 * @param gateway the gateway's name
 * @param toolVersion this tool's version, recorded in plans
 * @param migrate whether migrations are run before the rollout
 * @param migrateTimeout how long a migration may take; bounds the wait for one that outlived its
 *     run
 * @param rollbackAutomatically whether a failed run undoes itself
 * @param undoWhenCancelled whether a cancelled run undoes itself; otherwise it stops, resumable
 * @param lease how long the lock outlives its owner
 */
public record Settings(
    String gateway,
    String toolVersion,
    boolean migrate,
    Duration migrateTimeout,
    boolean rollbackAutomatically,
    boolean undoWhenCancelled,
    Duration lease) {}
