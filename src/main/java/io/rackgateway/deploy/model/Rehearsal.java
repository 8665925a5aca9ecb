package io.rackgateway.deploy.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened when a release's migrations ran on a restored copy of the database. {@code
 * docs/rehearsal.md} describes the JSON form.
 *
 * @param backup the id of the backup that was restored
 * @param to the release whose migrations ran
 * @param scratch where the copy was, for people
 * @param restored how long making the copy took, the scratch server's start included
 * @param migrations those that ran, in order; the last of them is the one that failed, if one did
 * @param smoke the queries of the version before, as they fared on the new schema
 * @param warnings what a person should know although nothing failed, such as a long lock
 * @param failure why the upgrade must not go on; null when it may
 */
public record Rehearsal(
    String gateway,
    String backup,
    String to,
    String scratch,
    Duration restored,
    List<MigrationRun> migrations,
    List<SmokeRun> smoke,
    List<String> warnings,
    @Nullable String failure) {

  /** The version of the JSON form. */
  public static final int SCHEMA = 1;

  public Rehearsal {
    migrations = List.copyOf(migrations);
    smoke = List.copyOf(smoke);
    warnings = List.copyOf(warnings);
  }

  /**
   * One migration.
   *
   * @param version the 14 digits that begin the file's name
   * @param duration of its transaction
   * @param tables what it wrote to, and what it rewrote
   * @param locks on tables that were there before, the strongest of each table
   * @param bytesBefore the size of the database's files
   * @param failure null when it succeeded
   */
  public record MigrationRun(
      String version,
      String file,
      Duration duration,
      List<TableChange> tables,
      List<HeldLock> locks,
      long bytesBefore,
      long bytesAfter,
      @Nullable MigrationFailure failure) {

    public MigrationRun {
      tables = List.copyOf(tables);
      locks = List.copyOf(locks);
    }

    /** The rows it inserted, updated and deleted. */
    public long rows() {
      return tables.stream().mapToLong(t -> t.inserted() + t.updated() + t.deleted()).sum();
    }
  }

  /**
   * What a migration did to a table.
   *
   * @param rewritten whether the server wrote the whole table anew, which takes as long as it is
   *     big
   */
  public record TableChange(
      String table, long inserted, long updated, long deleted, boolean rewritten) {}

  /**
   * A lock on a table.
   *
   * @param mode as {@code pg_locks} tells it: {@code AccessExclusiveLock}
   * @param held how long at most: from the beginning of the statement that took it to the end of
   *     the transaction
   * @param keepsOut what others cannot do meanwhile: {@code reads and writes}, {@code writes} or
   *     {@code schema changes}
   */
  public record HeldLock(String table, String mode, Duration held, String keepsOut) {}

  /**
   * Why a migration failed.
   *
   * @param line in its file, where the statement begins, or where in it the server points to
   * @param statement its beginning
   * @param sqlState the server's error code (PostgreSQL's manual, appendix A)
   */
  public record MigrationFailure(int line, String statement, String sqlState, String message) {}

  /**
   * A query of the version before.
   *
   * @param problem what the server said; null when it answered
   */
  public record SmokeRun(String name, Duration duration, @Nullable String problem) {}
}
