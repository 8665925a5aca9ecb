package io.rackgateway.deploy.engine;

/** Where a run stands when a process takes it up. */
enum Course {
  /** It begins. */
  BEGIN,
  /** It was interrupted, and the journal tells what it did. */
  RESUME,
  /**
   * It was interrupted, the journal is lost, and the platform runs its target: what is left is to
   * verify that.
   */
  VERIFY_ONLY,
  /** It was interrupted and the journal is lost: whatever it did has to be undone. */
  UNDO_UNKNOWN
}
