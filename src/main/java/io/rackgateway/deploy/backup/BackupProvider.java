package io.rackgateway.deploy.backup;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes restorable copies of the gateway's database. */
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
   * Takes and proves a backup. Idempotent by run: a second call for the same run finds the first
   * one's backup, and what an interrupted one left half-done is removed.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if no proven backup could be
   *     made; nothing half-done is left
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run was cancelled
   *     meanwhile
   */
  Backup backup(Request request);

  /**
   * What a backup is for.
   *
   * @param version the version that runs now, null when unknown
   */
  record Request(RunId run, String gateway, @Nullable Version version) {}
}
