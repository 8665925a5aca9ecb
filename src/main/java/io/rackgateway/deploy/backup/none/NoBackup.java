package io.rackgateway.deploy.backup.none;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.config.NoBackupConfig;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import java.util.List;
import java.util.Optional;

/** Takes no backup, and says so in every plan. Having no steps, it is never asked for one. */
public final class NoBackup implements BackupProvider {

  private final NoBackupConfig config;

  public NoBackup(NoBackupConfig config) {
    this.config = config;
  }

  @Override
  public String kind() {
    return "none";
  }

  @Override
  public Gate preflight() {
    return Gate.warn(
        "backup",
        "no backup is taken by this tool: " + config.reason(),
        "make sure that there is one, or configure backup.pgDump");
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of();
  }

  @Override
  public Backup backup(Request request) {
    throw new IllegalStateException("there is no step that takes a backup");
  }

  @Override
  public List<Backup> list(String gateway) {
    return List.of();
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.empty();
  }

  @Override
  public Backup recordProof(Backup backup) {
    return backup;
  }

  @Override
  public void remove(Backup backup) {
    // What it never made is not its to remove.
  }
}
