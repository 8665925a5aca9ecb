package io.rackgateway.deploy.restore.snapshot;

import io.rackgateway.deploy.backup.SnapshotBackups;
import io.rackgateway.deploy.backup.SnapshotBackups.Copy;
import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.backup.SnapshotBackups.Source;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.FactsReader;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.restore.delta.DeltaFolder;
import io.rackgateway.deploy.restore.server.LivePreflight;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot into a server beside the live one. That the gateway uses it is told by the
 * platform alone, which also notes what a run changed there.
 */
public final class SnapshotRestorer implements Restorer {

  static final String GATE = "restore";

  private final SnapshotBackups backups;
  private final DatabaseAddress address;
  private final PostgresUrl application;
  private final Server server;
  private final LiveDatabase live;
  private final Path deltas;
  private final Events events;

  /**
   * @param application the live database, as the role that the gateway itself uses
   * @param admin the same, as a role that owns it
   * @param deltas the folder in which what was written since a backup is saved
   */
  public SnapshotRestorer(
      SnapshotBackups backups,
      DatabaseAddress address,
      PostgresUrl application,
      PostgresUrl admin,
      Path deltas,
      Waits waits,
      Events events) {
    this.backups = backups;
    this.address = address;
    this.application = application;
    this.server = new Server(admin);
    this.live = new LiveDatabase(server, waits);
    this.deltas = deltas;
    this.events = events;
  }

  @Override
  public Gate preflight(Backup backup) {
    DatabaseAddress.Kept kept = address.look();
    try {
      Source source = backups.source();
      Optional<Gate> block = new AddressGate(address, configured()).block(kept, source);
      return block.isPresent()
          ? block.get()
          : new LivePreflight(server, application.user(), false)
              .gate(
                  backup.id()
                      + " of "
                      + backup.createdAt()
                      + " can be restored beside "
                      + source.display()
                      + ", whose address is "
                      + kept.display());
    } catch (DeployException.StepFailed e) {
      return Gate.block(GATE, e.problem().summary(), e.problem().next());
    }
  }

  private List<PostgresUrl.Server> configured() {
    return Stream.concat(application.servers().stream(), server.url().servers().stream()).toList();
  }

  @Override
  public String outlook(Backup backup) {
    return "a server restored from "
        + backup.id()
        + ", as the database was at "
        + backup.createdAt()
        + ", takes the place of the one that is live; what was written since is saved first, and"
        + " the server as it is now is kept";
  }

  @Override
  public String describeCopy(Backup backup) {
    return "restore " + backup.id() + " into a new server with the settings of the live one";
  }

  @Override
  public String describeSwitch() {
    return "replace the server's address in " + address.look().display();
  }

  @Override
  public void makeCopy(Backup backup, RunId run) {
    if (!switched(run)) {
      verify(copy(backup, run), backup);
    }
  }

  private Copy copy(Backup backup, RunId run) {
    return backups.restore(backup, run, Purpose.TAKE_OVER);
  }

  /** Without waiting for what the service does with it meanwhile, while the gateway is down. */
  private Copy made(Backup backup, RunId run) {
    Optional<Source> made = backups.copy(run).filter(found -> !found.addresses().isEmpty());
    if (made.isEmpty()) {
      return copy(backup, run);
    }
    PostgresUrl admin = server.url();
    PostgresUrl.Server there = made.get().addresses().get(0);
    return new Copy(
        made.get().name(),
        new PostgresUrl(
            List.of(there), admin.user(), admin.password(), admin.database(), admin.options()),
        there.toString());
  }

  /** Reads every row, which also fetches what a new volume has not read from the snapshot yet. */
  private void verify(Copy copy, Backup backup) {
    Server restored = new Server(copy.url());
    List<String> differences;
    try (Connection connection = restored.connect(copy.url().database())) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      DatabaseFacts found = new FactsReader(connection).read();
      differences = backups.facts(backup).map(facts -> facts.differences(found)).orElse(List.of());
      connection.rollback();
    } catch (SQLException e) {
      throw restored.failed(e);
    }
    if (!differences.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the restored copy is not what was backed up: " + differences.get(0),
              "choose another backup with --backup; see 'backups'",
              differences));
    }
  }

  @Override
  public Restored.Delta saveDelta(Backup backup, RunId run) {
    DeltaFolder folder = folder(backup, run);
    if (switched(run)) {
      return folder
          .read()
          .orElseThrow(
              () ->
                  new DeployException.StepFailed(
                      "what was written since the backup is no longer in " + folder.finished(),
                      "it is still in the server that was live before"));
    }
    return live.save(folder, made(backup, run), backup, run);
  }

  @Override
  public void switchOver(Backup backup, RunId run) {
    Copy copy = made(backup, run);
    PostgresUrl.Server to = copy.url().servers().get(0);
    address.change(run, to);
    noteReplaced(run);
    events.emit(
        new Event.Notice(
            "the gateway's database is "
                + copy.name()
                + " now: give backup.rds that name, and DATABASE_URL and ADMIN_DATABASE_URL the"
                + " host "
                + to.host()
                + " where this tool gets them"));
  }

  /** The tag is for people and for 'restore --drop-old'; a restore does not fail for it. */
  private void noteReplaced(@Nullable RunId run) {
    try {
      backups.noteReplaced(run);
    } catch (DeployException.StepFailed e) {
      events.emit(
          new Event.Notice("the server from before was not tagged: " + e.problem().summary()));
    }
  }

  @Override
  public boolean switched(RunId run) {
    return address.changed(run);
  }

  @Override
  public void switchBack(RunId run) {
    boolean before = address.changed(run);
    live.open();
    address.changeBack(run);
    if (before || address.takenBack(run)) {
      noteReplaced(null);
    }
  }

  @Override
  public void discardCopy(RunId run) {
    if (address.changed(run) || address.takenBack(run)) {
      return;
    }
    Optional<Source> copy = backups.copy(run);
    if (copy.isEmpty()) {
      return;
    }
    try {
      List<PostgresUrl.Server> servers = copy.get().addresses();
      String endpoint = servers.isEmpty() ? "" : servers.get(0).toString();
      backups.discard(new Copy(copy.get().name(), server.url(), endpoint));
    } catch (DeployException.StepFailed e) {
      events.emit(
          new Event.Notice(
              "the restored " + copy.get().display() + " stays: " + e.problem().summary()));
    }
  }

  @Override
  public Restored restored(Backup backup, RunId run) {
    return new Restored(
        backup.id(),
        folder(backup, run).read().orElse(null),
        switched(run) ? backups.source().name() : null);
  }

  @Override
  public Optional<String> retired(RunId run) {
    return address.takenBack(run) ? backups.copy(run).map(Source::name) : Optional.empty();
  }

  @Override
  public List<Kept> kept() {
    return backups.ofRestores().stream()
        .filter(found -> !live(found))
        .map(found -> new Kept(found.name(), found.bytes(), origin(found)))
        .toList();
  }

  private static String origin(Source found) {
    return found.replacedBy() == null
        ? "restored by run " + found.madeBy() + ", not live"
        : "live before run " + found.replacedBy();
  }

  /** Whether the gateway uses it. Where that cannot be told, all count as used. */
  private boolean live(Source found) {
    List<DatabaseAddress.Place> places = address.look().places();
    List<String> used =
        places.stream()
            .flatMap(place -> place.servers().stream())
            .map(SnapshotRestorer::text)
            .toList();
    return places.isEmpty()
        || found.addresses().stream().map(SnapshotRestorer::text).anyMatch(used::contains);
  }

  private static String text(PostgresUrl.Server address) {
    return address.toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public void drop(Kept database) {
    for (Source found : backups.ofRestores()) {
      if (found.name().equals(database.name()) && !live(found)) {
        backups.removeOld(found);
      }
    }
  }

  private DeltaFolder folder(Backup backup, RunId run) {
    return new DeltaFolder(deltas.resolve(backup.id() + ".delta-" + run));
  }
}
