package io.rackgateway.deploy.convox;

/**
 * A service of an app as it is deployed.
 *
 * @param count how many copies should run
 */
public record RackService(String name, int count, String domain) {}
