package io.rackgateway.deploy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    @Key(value = "How migrations are rehearsed on a restored backup.", orElse = "{}")
        RehearsalConfig rehearsal,
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
   * @param directory for the embedded server only
   */
  public record ScratchConfig(
      @Key(
              value =
                  "A PostgreSQL server on which scratch databases may be created and dropped, never the gateway's"
                      + " own database. Left out, an embedded server is started for the while.",
              form = Key.Form.POSTGRESQL)
          @Nullable Secret url,
      @Key(
              value =
                  "Where the embedded server has its data for the while: on a disk with room for the database.",
              orElse = ".rack-gateway/scratch")
          Path directory) {}

  /**
   * The section {@code backup.rehearsal}.
   *
   * @param smoke each one statement
   * @param smokeFile statements with semicolons between them
   */
  public record RehearsalConfig(
      @Key(
              value =
                  "Queries that the version before must still be able to run after the migrations, besides those that"
                      + " read every column of every table it knows.",
              orElse = "[]",
              min = 0,
              shown = true)
          List<String> smoke,
      @Key("A file of more such queries, with semicolons between them.") @Nullable Path smokeFile,
      @Key(
              value = "A migration that keeps others from a table for longer is warned of.",
              orElse = "5s")
          Duration longestLock) {}

  /** The section {@code backup.keep}. */
  public record RetentionConfig(
      @Key(value = "How many of the newest backups are kept.", orElse = "5") int newest,
      @Key(value = "Backups younger than this are kept too.", orElse = "168h") Duration younger) {}
}
