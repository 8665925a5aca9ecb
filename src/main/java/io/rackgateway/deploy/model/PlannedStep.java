package io.rackgateway.deploy.model;

/**
 * One effect that a run will have, as the plan tells it.
 *
 * @param name stable within the phase, lower case: {@code pull-image}
 * @param description what it will do, one phrase for people, with the command it runs where it runs
 *     one
 */
public record PlannedStep(Phase phase, String name, String description) {}
