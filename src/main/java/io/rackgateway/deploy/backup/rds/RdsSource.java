package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the configuration names to be backed up: a DB instance or a DB cluster. */
interface RdsSource {

  /** For sentences: {@code DB instance gateway}. */
  String display();

  String identifier();

  /** What is known of it, or of another one of its kind; empty when there is none. */
  Optional<State> state(String identifier);

  /** All of its kind in the account. */
  List<State> states();

  /** For sentences, of another one of its kind. */
  String display(String identifier);

  /** Begins a snapshot of this source; does nothing when one of that name is there. */
  void create(String snapshot, Map<String, String> tags);

  Optional<RdsSnapshot> snapshot(String idOrArn);

  /** All manual snapshots of the account, of whatever source. */
  List<RdsSnapshot> snapshots();

  /** Removes a snapshot; does nothing when it is gone. */
  void removeSnapshot(String id);

  /** Adds tags to whatever has the ARN. */
  void tag(String arn, Map<String, String> tags);

  /**
   * Begins to restore a snapshot under a new name, set up like this source; does nothing when there
   * is one of that name.
   */
  void restore(RdsSnapshot snapshot, String name, Purpose purpose, Map<String, String> tags);

  /**
   * Looks whether a copy is done, and makes what it needs beside it. Idempotent.
   *
   * @return the copy once it is available, or will never be; empty while there is something left to
   *     wait for
   */
  Optional<State> complete(String name, Purpose purpose, Map<String, String> tags);

  /**
   * Asks for those settings of the source that restoring could not give to the copy.
   *
   * @return whether the copy has all of them and is available
   */
  boolean settled(String name);

  /**
   * Begins to remove a server; does nothing when it is gone.
   *
   * @param lastSnapshot the name of a last snapshot of it; null for none
   */
  void remove(String name, boolean unprotect, @Nullable String lastSnapshot);

  /**
   * An instance or cluster.
   *
   * @param status as RDS tells it: {@code available}, {@code backing-up} …
   * @param gibibytes the storage allocated
   * @param retentionDays for how long automated backups are kept; 0 when there are none
   * @param host its address, null while it has none
   * @param hosts all its addresses
   * @param arn what names it to AWS
   */
  record State(
      String identifier,
      String status,
      String engine,
      String engineVersion,
      int gibibytes,
      int retentionDays,
      boolean deletionProtection,
      @Nullable String host,
      int port,
      List<String> hosts,
      Map<String, String> tags,
      String arn) {

    public State {
      hosts = List.copyOf(hosts);
      tags = Map.copyOf(tags);
    }

    List<PostgresUrl.Server> addresses() {
      return hosts.stream().map(name -> new PostgresUrl.Server(name, port)).toList();
    }

    boolean available() {
      return status.equals("available");
    }

    boolean beingDeleted() {
      return status.equals("deleting");
    }

    /** Whether it will not become available without somebody's help. */
    boolean stuck() {
      return status.startsWith("incompatible-")
          || status.startsWith("inaccessible-")
          || List.of(
                  "failed",
                  "restore-error",
                  "storage-full",
                  "insufficient-capacity",
                  "stopped",
                  "stopping",
                  "deleting",
                  "migration-failed")
              .contains(status);
    }
  }
}
