package io.rackgateway.deploy.restore.snapshot;

import io.rackgateway.deploy.backup.SnapshotBackups.Copy;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.restore.delta.DeltaFolder;
import io.rackgateway.deploy.restore.delta.DeltaSaver;
import io.rackgateway.deploy.restore.server.Databases;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.restore.server.Sessions;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** The database that was live before a restore: shut, compared with the copy, opened again. */
final class LiveDatabase {

  private final Server server;
  private final String name;
  private final Waits waits;

  LiveDatabase(Server server, Waits waits) {
    this.server = server;
    this.name = server.url().database();
    this.waits = waits;
  }

  /** Lets everybody in. */
  void open() {
    server.carryOut(connection -> new Databases(connection).open(name, true));
  }

  /**
   * Shuts everybody else out and saves in what it differs from the copy. It stays shut: who still
   * has its address must not write there unnoticed.
   */
  Restored.Delta save(DeltaFolder folder, Copy copy, Backup backup, RunId run) {
    // An earlier attempt may have shut it.
    open();
    Server other = new Server(copy.url());
    try (Connection live = server.connect(name);
        Connection restored = other.connect(copy.url().database())) {
      shut(Server.pid(live));
      return new DeltaSaver(waits.clock(), waits.cancellation()::throwIfPending)
          .save(folder, live, restored, backup, run);
    } catch (SQLException e) {
      throw server.failed(e);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private void shut(int but) {
    server.carryOut(
        connection -> {
          new Databases(connection).open(name, false);
          new Sessions(connection, waits).end(name, Set.of(but));
        });
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
            "make room there, or name another folder in backup.rds.deltaDirectory; then run the"
                + " same command again"),
        e);
  }
}
