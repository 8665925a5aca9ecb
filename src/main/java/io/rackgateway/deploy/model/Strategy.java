package io.rackgateway.deploy.model;

import java.util.Locale;

/** The order in which a rollout replaces what runs. */
public enum Strategy {
  /** Migrate beside the old version, then replace it. Down for one restart. */
  RECREATE,
  /** The guide's order: stop, migrate, start. Down for the whole of it. */
  STOP_FIRST,
  /** New instances healthy before the old ones go. Not down, behind a proxy. */
  START_FIRST;

  /** The name in configuration and output: {@code stop-first}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
