package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.SnapshotBackups;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.scratch.Need;
import io.rackgateway.deploy.scratch.ScratchDatabase;
import io.rackgateway.deploy.scratch.ScratchDatabases;
import io.rackgateway.deploy.time.Waits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes copies of the gateway's database out of backups. */
final class Restorer {

  private final BackupProvider provider;
  private final ScratchDatabases scratch;
  private final LiveDatabase live;
  private final Events events;

  Restorer(BackupProvider provider, ScratchDatabases scratch, LiveDatabase live, Events events) {
    this.provider = provider;
    this.scratch = scratch;
    this.live = live;
    this.events = events;
  }

  /**
   * Restores a backup.
   *
   * @throws DeployException.Usage if there is no place that could hold the copy
   * @throws DeployException.StepFailed if the backup cannot be restored; nothing is left
   */
  Copy restore(RunId run, Backup backup) {
    long start = System.nanoTime();
    @Nullable DatabaseFacts facts = provider.facts(backup).orElse(null);
    if (provider instanceof SnapshotBackups snapshots) {
      SnapshotBackups.Copy copy = snapshots.restore(backup, run, SnapshotBackups.Purpose.PROOF);
      return new Copy(
          backup.id(),
          copy.url(),
          facts,
          copy.endpoint(),
          Waits.since(start),
          () -> snapshots.discard(copy));
    }
    if (!(provider instanceof ArchiveBackups archives)) {
      throw new DeployException.Usage(
          "backups of kind '" + provider.kind() + "' cannot be restored by this tool",
          "set backup.prove: listed");
    }
    Need need = need(facts);
    ScratchDatabase database = scratch.open(run.value(), need);
    try {
      database.notes().forEach(note -> events.emit(new Event.Notice(note)));
      archives.load(backup, database.url(), need.roles().isEmpty() || database.unowned());
      return new Copy(
          backup.id(),
          database.url(),
          facts,
          scratch.display(),
          Waits.since(start),
          database::close);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Migrations may grant to roles that own nothing yet, so the live server's are needed too. */
  private Need need(@Nullable DatabaseFacts facts) {
    Need now = live.known().need();
    if (facts == null) {
      return now;
    }
    Need need = Need.of(facts);
    if (!scratch.keepsRoles()) {
      return need;
    }
    List<String> roles = new ArrayList<>(need.roles());
    now.roles().stream().filter(role -> !roles.contains(role)).forEach(roles::add);
    return new Need(need.serverMajor(), need.bytes(), need.extensions(), roles);
  }
}
