package io.rackgateway.deploy.model;

/**
 * A variable that the target needs. Its value is never kept.
 *
 * @param origin who says so: {@code convox.yml of v1.2.0}, {@code gates.environment}
 * @param set whether the gateway has it now
 */
public record EnvironmentVariable(String name, String origin, boolean set) {}
