package io.rackgateway.deploy.model;

import java.util.Locale;

/** A stage of a run, in the order in which a run passes through them. */
public enum Phase {
  OBSERVE,
  PLAN,
  /** The user's own commands, before anything is changed. */
  BEFORE,
  LOCK,
  BACKUP,
  REHEARSE,
  PREPARE,
  MIGRATE,
  RESTORE,
  ROLLOUT,
  VERIFY,
  BAKE,
  ROLLBACK,
  VERIFY_ROLLBACK,
  RELEASE,
  /** The user's own commands, when all is over. */
  AFTER;

  /** The name in output, events and the journal: {@code verify-rollback}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
