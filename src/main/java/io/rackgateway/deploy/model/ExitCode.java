package io.rackgateway.deploy.model;

import java.util.Locale;

/**
 * How a command ended, for people, pipelines and the journal alike. The numbers are part of the
 * interface.
 */
public enum ExitCode {
  DONE(0),
  /** Failed, and undone: the gateway runs the old version and was verified. */
  UNDONE(1),
  /** Wrong usage or configuration; nothing changed. */
  USAGE(2),
  /** Blocked by a gate; nothing changed. */
  BLOCKED(3),
  /** Failed and not undone: a human is needed. */
  FAILED(4),
  /** Interrupted; {@code resume} finishes it. */
  INTERRUPTED(5),
  /** Another run holds the lock. */
  LOCKED(6);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The name in output, events and the journal: {@code undone}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
