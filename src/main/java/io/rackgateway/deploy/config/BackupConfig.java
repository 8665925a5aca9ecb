package io.rackgateway.deploy.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The section {@code backup}. */
@OneOf(
    value = {"pgDump", "rds", "convoxResource", "none"},
    noun = "backup method")
public record BackupConfig(
    @Key("pg_dump into a folder.") @Nullable PgDumpConfig pgDump,
    @Key("Snapshots of an RDS instance or Aurora cluster.") @Nullable RdsConfig rds,
    @Key("The export of a PostgreSQL resource that Convox manages.")
        @Nullable ConvoxResourceConfig convoxResource,
    @Key("No backup by this tool.") @Nullable NoBackupConfig none,
    @Key(
            value =
                "How far a backup is proven: listed (complete and readable), restored (into a scratch database, every"
                    + " row counted), rehearsed (the target's migrations run there too), or auto: restored where"
                    + " the scratch server can hold it, else listed.",
            orElse = "auto")
        Prove prove,
    @Key(
            value = "Where backups are restored to prove them and to rehearse migrations.",
            orElse = "{}")
        ScratchConfig scratch,
    @Key(value = "Which backups 'backup --prune' keeps.", orElse = "{}") RetentionConfig keep) {

  /** How far a backup is to be proven. */
  public enum Prove {
    AUTO,
    LISTED,
    RESTORED,
    REHEARSED
  }

  /**
   * The section {@code backup.scratch}.
   *
   * @param url of a server on which databases may be made and dropped; null for the embedded one
   */
  public record ScratchConfig(
      @Key(
              value =
                  "A PostgreSQL server on which scratch databases may be created and dropped, never the gateway's"
                      + " own database. Left out, an embedded server is started for the while.",
              form = Key.Form.POSTGRESQL)
          @Nullable Secret url) {}

  /** The section {@code backup.keep}. */
  public record RetentionConfig(
      @Key(value = "How many of the newest backups are kept.", orElse = "5") int newest,
      @Key(value = "Backups younger than this are kept too.", orElse = "168h") Duration younger) {}
}
