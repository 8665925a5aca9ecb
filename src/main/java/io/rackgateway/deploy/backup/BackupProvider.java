package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes restorable copies of the gateway's database, and knows those it made. How a copy becomes a
 * database again depends on its nature: a provider also is either {@link ArchiveBackups} or {@link
 * SnapshotBackups}, unless it makes none at all.
 */
public interface BackupProvider {

  /** The provider's name in configuration and output: {@code pgDump}. */
  String kind();

  /**
   * Whether a backup could be taken now, without taking one: the gate {@code backup}. Changes
   * nothing.
   */
  Gate preflight();

  /** The steps of taking a backup, as a plan tells them; none where nothing is backed up. */
  List<PlannedStep> steps();

  /**
   * Takes a backup and proves it as far as {@link io.rackgateway.deploy.model.Proof#LISTED}.
   * Idempotent by run: a second call for the same run finds the first one's backup, and what an
   * interrupted one left half-done is removed.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if no proven backup could be
   *     made; nothing half-done is left
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  Backup backup(Request request);

  /**
   * The finished backups of a gateway where this provider keeps them, newest first. Reads the
   * store, not the journal; what is half-done is not among them, and what cannot be read as a
   * backup is passed over.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the store cannot be read
   */
  List<Backup> list(String gateway);

  /**
   * What the database held at the backup's snapshot, where the provider knows it.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the backup is damaged
   */
  Optional<DatabaseFacts> facts(Backup backup);

  /**
   * Keeps with the backup that it was proven further, so that {@link #list} tells it also where the
   * journal is lost. Never lowers the proof. Idempotent.
   *
   * @return the backup as it is known now
   */
  Backup recordProof(Backup backup);

  /** Removes a backup for good; does nothing when it is gone already. */
  void remove(Backup backup);

  /**
   * What a backup is for.
   *
   * @param version the version that runs now, null when unknown
   */
  record Request(RunId run, String gateway, @Nullable Version version) {}
}
