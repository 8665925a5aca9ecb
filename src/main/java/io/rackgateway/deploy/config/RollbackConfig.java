package io.rackgateway.deploy.config;

/** The section {@code rollback}. */
public record RollbackConfig(
    @Key(
            value =
                "Whether a failed run undoes itself; otherwise it stops where it failed, for a human to decide.",
            orElse = "true")
        boolean automatic,
    @Key(
            value =
                "What a cancelled run (SIGINT, SIGTERM) does after its current effect: rollback, or stop so that resume"
                    + " can finish it.",
            orElse = "rollback")
        OnCancel onCancel) {

  /** What a cancelled run does. */
  public enum OnCancel {
    ROLLBACK,
    STOP
  }
}
