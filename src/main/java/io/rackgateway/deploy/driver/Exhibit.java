package io.rackgateway.deploy.driver;

import java.util.function.Supplier;

/**
 * Something of the platform that helps to find out why a gateway does not work. It is read only
 * when it is asked for, and each may take its time or fail by itself.
 *
 * @param name stable, lower case, good as a file's name: {@code containers}
 * @param title what it is, for people: {@code Containers}
 * @param text reads it; throws a {@code DeployException} when it cannot be read. Names of variables
 *     are in it, their values are not
 */
public record Exhibit(String name, String title, Supplier<String> text) {}
