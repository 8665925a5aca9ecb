package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import java.util.List;

/**
 * Proves backups further than their provider does: by restoring them, and by running a release's
 * migrations on the copy. The copy of one run may be kept from the one to the other; {@link
 * #close()} removes it.
 */
public interface Proving extends AutoCloseable {

  /** The name of the step that restores. */
  String PROVE = "prove-backup";

  /** The name of the step that runs the migrations. */
  String REHEARSE = "rehearse";

  /**
   * Which level will be reached, and why: the gate {@code proof}. Changes nothing.
   *
   * @param upgrade false where a backup is taken for its own sake, which has no migrations to run
   */
  Gate preflight(boolean upgrade);

  /** The steps that it adds to a plan: in the phase BACKUP, and perhaps in REHEARSE. */
  List<PlannedStep> steps(boolean upgrade);

  /**
   * Restores the backup into a scratch database and compares what it holds with what its source
   * held at the snapshot.
   *
   * @param keep whether {@link #rehearse} follows, so that the copy is worth keeping
   * @return the backup as it is known now, its proof kept with it
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the copy is not whole, naming
   *     each difference, or cannot be made; nothing is left
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  Backup prove(RunId run, Backup backup, boolean keep);

  /**
   * Runs the migrations of a release that the copy lacks, and the smoke queries of the version
   * before; makes the copy where none was kept.
   *
   * @param breaking whether it was accepted that the version before cannot work with the new
   *     schema, so that its queries may fail, which is told
   * @return the backup as it is known now, its proof kept with it
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if a migration or a query fails;
   *     nothing is left
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  Backup rehearse(RunId run, Backup backup, Version to, boolean breaking);

  /** Removes the copy that is kept, if one is. Idempotent. */
  @Override
  void close();

  /** Goes no further than the provider of the backup. */
  static Proving none() {
    return new Proving() {
      @Override
      public Gate preflight(boolean upgrade) {
        return Gate.pass("proof", "a backup is not proven further than listed");
      }

      @Override
      public List<PlannedStep> steps(boolean upgrade) {
        return List.of();
      }

      @Override
      public Backup prove(RunId run, Backup backup, boolean keep) {
        return backup;
      }

      @Override
      public Backup rehearse(RunId run, Backup backup, Version to, boolean breaking) {
        return backup;
      }

      @Override
      public void close() {
        // Nothing was made.
      }
    };
  }
}
