package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.restore.delta.DeltaFolder;
import io.rackgateway.deploy.restore.delta.DeltaSaver;
import io.rackgateway.deploy.restore.server.Databases;
import io.rackgateway.deploy.restore.server.LivePreflight;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.restore.server.Sessions;
import io.rackgateway.deploy.restore.server.Tag;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Restores archives on the live database's own server, where the copy takes its name. */
public final class PostgresRestorer implements Restorer {

  private final Server server;
  private final Names names;
  private final ArchiveBackups backups;
  private final Waits waits;
  private final LivePreflight preflight;
  private final Switch change;

  /**
   * @param admin the live database, as a role that owns it and may create databases
   * @param applicationRole the role that the gateway itself uses
   */
  public PostgresRestorer(
      PostgresUrl admin, String applicationRole, ArchiveBackups backups, Waits waits) {
    this.server = new Server(admin);
    this.names = new Names(admin.database());
    this.backups = backups;
    this.waits = waits;
    this.preflight = new LivePreflight(server, applicationRole, true);
    this.change = new Switch(server, names, waits);
  }

  @Override
  public Gate preflight(Backup backup) {
    return preflight.gate(
        backup.id()
            + " of "
            + backup.createdAt()
            + " can be restored beside database '"
            + names.live()
            + "' by role '"
            + server.url().user()
            + "'");
  }

  @Override
  public String outlook(Backup backup) {
    return "database '"
        + names.live()
        + "' becomes what it was at "
        + backup.createdAt()
        + "; what was written since is saved first, and the database as it is now is kept beside it";
  }

  @Override
  public String describeCopy(Backup backup) {
    return "restore "
        + backup.id()
        + " into a new database beside '"
        + names.live()
        + "', and compare it with what was backed up";
  }

  @Override
  public String describeSwitch() {
    return "rename '"
        + names.live()
        + "' to '"
        + names.live()
        + "_before_RUN' and the restored database to '"
        + names.live()
        + "', in one transaction";
  }

  @Override
  public void makeCopy(Backup backup, RunId run) {
    if (!switched(run)) {
      new CopyMaker(server, backups).make(names.copy(run), backup, run);
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
                      "it is still in database '" + names.old(run) + "'"));
    }
    open(run);
    try (Connection live = server.connect(names.live());
        Connection copy = server.connect(names.copy(run))) {
      shut(Server.pid(live));
      return new DeltaSaver(waits.clock(), waits.cancellation()::throwIfPending)
          .save(folder, live, copy, backup, run);
    } catch (SQLException e) {
      throw server.failed(e);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** An earlier attempt may have shut them. */
  private void open(RunId run) {
    server.carryOut(
        connection -> {
          Databases databases = new Databases(connection);
          databases.open(names.live(), true);
          databases.open(names.copy(run), true);
        });
  }

  /** Shuts out everybody but the connection that reads what was written. */
  private void shut(int but) {
    server.carryOut(
        connection -> {
          new Databases(connection).open(names.live(), false);
          new Sessions(connection, waits).end(names.live(), Set.of(but));
        });
  }

  @Override
  public void switchOver(Backup backup, RunId run) {
    change.over(run);
  }

  @Override
  public boolean switched(RunId run) {
    return change.switched(run);
  }

  @Override
  public void switchBack(RunId run) {
    change.back(run);
  }

  @Override
  public void discardCopy(RunId run) {
    server.carryOut(
        connection -> {
          Databases databases = new Databases(connection);
          Optional<Databases.Found> copy = databases.find(names.copy(run));
          if (copy.isPresent() && !copy.get().is(Tag.State.RETIRED)) {
            databases.drop(names.copy(run));
          }
        });
  }

  @Override
  public Restored restored(Backup backup, RunId run) {
    return new Restored(
        backup.id(),
        folder(backup, run).read().orElse(null),
        switched(run) ? names.old(run) : null);
  }

  @Override
  public Optional<String> retired(RunId run) {
    return server.asking(
        connection ->
            new Databases(connection)
                .find(names.copy(run))
                .filter(copy -> copy.is(Tag.State.RETIRED))
                .map(Databases.Found::name));
  }

  @Override
  public List<Kept> kept() {
    return server.asking(connection -> new Databases(connection).ofRestores(names.pattern()));
  }

  @Override
  public void drop(Kept database) {
    server.carryOut(
        connection -> {
          Databases databases = new Databases(connection);
          Optional<Databases.Found> found = databases.find(database.name());
          if (found.isPresent() && Tag.read(found.get().comment()) != null) {
            databases.drop(database.name());
          }
        });
  }

  private static DeltaFolder folder(Backup backup, RunId run) {
    return new DeltaFolder(Path.of(backup.location() + ".delta-" + run));
  }

  private static DeployException.StepFailed unwritable(DeltaFolder folder, IOException e) {
    try {
      folder.discard();
    } catch (IOException left) {
      e.addSuppressed(left);
    }
    return new DeployException.StepFailed(
        Problem.of(
            "what was written since the backup could not be saved in "
                + folder.finished()
                + ": "
                + IoFailure.describe(e),
            "make room there, or let this user write there; then run the same command again"),
        e);
  }
}
