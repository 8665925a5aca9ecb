package io.rackgateway.deploy.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One running (or failed) copy of the gateway, as the platform reports it.
 *
 * @param id the platform's identity of it: container id, process id
 * @param name the name a person knows it by
 * @param image what it runs: the image id {@code sha256:…}, or the release folder
 * @param reference the image reference or version it was started as
 * @param detail what explains the state, such as {@code exit code 1}; null when there is nothing to
 *     add
 */
public record Instance(
    String id, String name, String image, String reference, State state, @Nullable String detail) {

  /** What the platform says of the instance. */
  public enum State {
    /** Started, and its own health check (where it has one) has not answered yet. */
    STARTING,
    /** Running, and healthy where it has a health check. */
    RUNNING,
    /** Running, but its own health check fails. */
    UNHEALTHY,
    /** Ended and being started again by the platform. */
    RESTARTING,
    /** Not running. */
    STOPPED;

    /** The name in output and events. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** True when the platform counts the instance as serving. */
  public boolean serving() {
    return state == State.RUNNING;
  }
}
