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
   * Restores the backup into an empty database, with everything its owner may set: objects, rows,
   * sequences, owners and grants. Checks the backup first, as {@link #check} does.
   *
   * @param into the database, as a role that may create everything in it
   * @param unowned true to leave out owners and grants, for a scratch database that lacks the roles
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the backup is damaged or of
   *     another gateway, the database is not empty, an extension is not available, or the server is
   *     older than the backup's; the database then holds a part, and the backup is untouched
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  void load(Backup backup, PostgresUrl into, boolean unowned);
}
