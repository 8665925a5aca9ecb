package io.rackgateway.deploy.model;

import java.util.Locale;

/** How far a backup was proven, from the least to the most. */
public enum Proof {
  /** The copy is complete and readable: its listing holds what the database held. */
  LISTED,
  /** It was restored into a scratch database, and held every row of its source. */
  RESTORED,
  /** The target's migrations ran on the restored copy as well. */
  REHEARSED;

  /** The name in output and JSON: {@code restored}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this proves at least as much. */
  public boolean reaches(Proof other) {
    return compareTo(other) >= 0;
  }
}
