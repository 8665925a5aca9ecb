package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.FactsReader;
import io.rackgateway.deploy.restore.server.Databases;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.restore.server.Tag;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Makes the copy: a new database, loaded, compared with what the backup held, and tagged whole. */
final class CopyMaker {

  private final Server server;
  private final ArchiveBackups backups;

  CopyMaker(Server server, ArchiveBackups backups) {
    this.server = server;
    this.backups = backups;
  }

  /** Makes it unless it is there and whole; what a killed attempt left is dropped first. */
  void make(String copy, Backup backup, RunId run) {
    backups.check(backup);
    boolean whole =
        server.doing(
            connection -> {
              Databases databases = new Databases(connection);
              Optional<Databases.Found> there = databases.find(copy);
              if (there.isPresent() && !there.get().is(Tag.State.BUILDING)) {
                if (there.get().is(Tag.State.READY)) {
                  return true;
                }
                if (Tag.read(there.get().comment()) != null) {
                  throw new DeployException.StepFailed(
                      "database '" + copy + "' was live before and is not made anew",
                      "begin a new restore; 'restore --drop-old' removes the database");
                }
              }
              databases.drop(copy);
              databases.createLike(copy, server.url().database());
              databases.comment(copy, Tag.of(Tag.State.BUILDING, run));
              return false;
            });
    if (whole) {
      return;
    }
    backups.load(backup, server.url(copy), false);
    if (!backups.holdsRights()) {
      copyRights(copy);
    }
    verify(copy, backup);
    server.carryOut(
        connection -> {
          new Databases(connection).comment(copy, Tag.of(Tag.State.READY, run));
        });
  }

  private void copyRights(String copy) {
    try (Connection live = server.connect(server.url().database());
        Connection restored = server.connect(copy)) {
      for (String statement : Rights.copying(live, restored)) {
        Server.execute(restored, statement);
      }
    } catch (SQLException e) {
      throw server.failed(e);
    }
  }

  private void verify(String copy, Backup backup) {
    Optional<DatabaseFacts> expected = backups.facts(backup);
    List<String> differences;
    try (Connection connection = server.connect(copy)) {
      // A server plans badly for tables that it has not looked at yet.
      Server.execute(connection, "ANALYZE");
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      DatabaseFacts found = new FactsReader(connection).read();
      differences = expected.map(facts -> facts.differences(found)).orElse(List.of());
      connection.rollback();
    } catch (SQLException e) {
      throw server.failed(e);
    }
    if (!differences.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the restored copy is not what was backed up: " + differences.get(0),
              "choose another backup with --backup; see 'backups'",
              differences));
    }
  }
}
