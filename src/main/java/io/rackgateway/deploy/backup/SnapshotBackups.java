package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;

/** Backups that only their own service turns into a database server again. */
public interface SnapshotBackups extends BackupProvider {

  /**
   * Restores the backup into a server of its own beside the live one, set up like the source, and
   * waits until it answers. Idempotent by run and purpose.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it cannot be restored; the
   *     live server and the backup are untouched
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  Copy restore(Backup backup, RunId run, Purpose purpose);

  /** Removes a server that {@link #restore} made; never another one. Idempotent. */
  void discard(Copy copy);

  /** What a copy is restored for. */
  enum Purpose {
    /** To prove the backup; it goes away again. */
    PROOF,
    /** To take the live one's place; it stays. */
    TAKE_OVER
  }

  /**
   * A restored server.
   *
   * @param name its identity at the service
   * @param url the gateway's database on it, with the login of {@code database.adminUrl}
   * @param endpoint its address for people and for {@code DATABASE_URL}: {@code host:port}
   */
  record Copy(String name, PostgresUrl url, String endpoint) {}
}
