package io.rackgateway.deploy.config;

/** The section {@code rollback}. */
public record RollbackConfig(
    @Key(
            value =
                "What a failed run does: automatic (it undoes itself), or manual (it stops where it failed, for a human"
                    + " to decide).",
            orElse = "automatic")
        Application application,
    @Key(
            value =
                "Whether a failed run may restore the database from its own backup, where the version before cannot run"
                    + " on the migrated schema: never, ask (it stops and names the command), or automatic (what was"
                    + " written since the backup is saved first).",
            orElse = "ask")
        Database database,
    @Key(
            value =
                "What a cancelled run (SIGINT, SIGTERM) does after its current effect: rollback, or stop so that resume"
                    + " can finish it.",
            orElse = "rollback")
        OnCancel onCancel) {

  /** What a failed run does about the platform. */
  public enum Application {
    AUTOMATIC,
    MANUAL
  }

  /** What a failed run does about the database. */
  public enum Database {
    NEVER,
    ASK,
    AUTOMATIC
  }

  /** What a cancelled run does. */
  public enum OnCancel {
    ROLLBACK,
    STOP
  }
}
