package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.postgres.PostgresUrl;

/** Backups that are archives, which any PostgreSQL server can take in. */
public interface ArchiveBackups extends BackupProvider {

  /**
   * Makes sure that the backup is whole: every file is there and has its checksum. Reads all of it.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed naming the file that is missing,
   *     truncated or changed
   */
  void check(Backup backup);

  /**
   * Whether the backups hold owners and grants. Where they do not, a copy that takes the live
   * database's place gets those of the live one.
   */
  default boolean holdsRights() {
    return true;
  }

  /**
   * Restores the backup into an empty database, with everything its owner may set: objects, rows,
   * sequences, owners and grants. Compares every file with its checksum, rows while they are
   * restored and everything else before: it never ends well for a damaged backup. The server
   * gathers the statistics of the tables by itself afterwards.
   *
   * @param backup as the caller knows it, from the journal or {@link #list}: another one that lies
   *     under its id, or one of another gateway, is refused
   * @param into the database, as a role that may create everything in it
   * @param unowned true to leave out owners and grants, for a scratch database; roles that the
   *     server lacks are created there without login where that is allowed, as policies and
   *     migrations name them
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the backup is damaged or of
   *     another gateway, the database is not empty, an extension is not available, or the server is
   *     older than the backup's; the database then holds a part, and the backup is untouched
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  void load(Backup backup, PostgresUrl into, boolean unowned);
}
