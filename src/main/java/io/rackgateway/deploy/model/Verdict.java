package io.rackgateway.deploy.model;

import java.util.Locale;

/** How a gate or a check came out. Only {@link #FAIL} stops a run. */
public enum Verdict {
  PASS,
  WARN,
  FAIL,
  /** Not evaluated, with the reason as evidence; never counts as passed. */
  SKIPPED;

  /** The name in output and events. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
