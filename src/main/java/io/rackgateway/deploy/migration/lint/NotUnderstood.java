package io.rackgateway.deploy.migration.lint;

/** A statement reads otherwise than a rule expects. It becomes a finding: unclear. */
final class NotUnderstood extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotUnderstood(String what) {
    super(what, null, false, false);
  }
}
