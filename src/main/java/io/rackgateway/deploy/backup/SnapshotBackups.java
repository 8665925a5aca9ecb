package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * The server that backups are taken of.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if there is none, or the service
   *     does not tell
   */
  Source source();

  /**
   * The server that {@link #restore} made for a run to take the live one's place, in whatever
   * state; empty when there is none.
   */
  Optional<Source> copy(RunId run);

  /** Notes at the source that a copy took its place, or with null that none did. Idempotent. */
  void noteReplaced(@Nullable RunId run);

  /**
   * The servers of this source's line that restores made or replaced, oldest first: the source
   * itself may be among them.
   */
  List<Source> ofRestores();

  /**
   * Removes one of {@link #ofRestores} for good, after a last snapshot of it. Idempotent.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it is protected from that
   */
  void removeOld(Source server);

  /**
   * A server at the service.
   *
   * @param name its identity there
   * @param display for sentences: {@code DB instance gateway}
   * @param addresses all its addresses
   * @param bytes the storage that it has
   * @param madeBy the run that restored it, null when none did
   * @param replacedBy the run that put another in its place, null when none did
   */
  record Source(
      String name,
      String display,
      List<PostgresUrl.Server> addresses,
      long bytes,
      @Nullable String madeBy,
      @Nullable String replacedBy) {

    public Source {
      addresses = List.copyOf(addresses);
    }
  }

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
