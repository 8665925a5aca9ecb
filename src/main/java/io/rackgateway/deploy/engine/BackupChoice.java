package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import java.util.Optional;

/** Which backup of a gateway is meant. */
final class BackupChoice {

  private static final int NAMED = 20;

  private final BackupProvider provider;
  private final Journal journal;
  private final String gateway;

  BackupChoice(BackupProvider provider, Journal journal, String gateway) {
    this.provider = provider;
    this.journal = journal;
    this.gateway = gateway;
  }

  /**
   * The backup of that id.
   *
   * @throws DeployException.Usage if this gateway has no such backup
   */
  Backup named(String id) {
    List<Backup> there = provider.list(gateway);
    return there.stream()
        .filter(backup -> backup.id().equals(id) && backup.gateway().equals(gateway))
        .findFirst()
        .orElseThrow(() -> unknown(id, there));
  }

  private DeployException unknown(String id, List<Backup> there) {
    Optional<Backup> recorded = journal.backup(id);
    if (recorded.isPresent() && !recorded.get().gateway().equals(gateway)) {
      return new DeployException.Usage(
          "backup "
              + id
              + " is of gateway '"
              + recorded.get().gateway()
              + "', not of '"
              + gateway
              + "'",
          "choose one of this gateway; see 'backups'");
    }
    String none = "take one with 'backup'";
    return new DeployException.Usage(
        new Problem(
            recorded.isPresent()
                ? "backup " + id + " is no longer in " + recorded.get().location()
                : "there is no backup " + id + " of '" + gateway + "'",
            there.isEmpty() ? none : "choose one of those that are there",
            there.stream().limit(NAMED).map(BackupChoice::line).toList()));
  }

  private static String line(Backup backup) {
    Version version = backup.gatewayVersion();
    return backup.id()
        + ", taken "
        + backup.createdAt()
        + (version == null ? "" : " while " + version + " ran");
  }

  /**
   * The backup that a run took.
   *
   * @throws DeployException.Usage if it took none, or it is gone
   */
  Backup of(RunId run) {
    return journal
        .backupOf(run)
        .map(backup -> named(backup.id()))
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    "run " + run + " took no backup", "say which one to restore with --backup ID"));
  }

  /** The newest backup of a version. */
  Optional<Backup> newestOf(Version version) {
    return provider.list(gateway).stream()
        .filter(backup -> version.equals(backup.gatewayVersion()))
        .findFirst();
  }

  /**
   * The newest backup.
   *
   * @throws DeployException.Usage if there is none
   */
  Backup newest() {
    return provider.list(gateway).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    "there is no backup of '" + gateway + "' to restore",
                    "take backups with 'backup'; every upgrade takes one, too"));
  }
}
