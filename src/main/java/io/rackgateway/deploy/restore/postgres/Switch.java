package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.restore.server.Databases;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.restore.server.Sessions;
import io.rackgateway.deploy.restore.server.Tag;
import io.rackgateway.deploy.time.Waits;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets two databases change places. Both are shut first, for nobody may be connected to a database
 * that is renamed; both renames, the settings and the comments are then one transaction. Which
 * database is live is thus always told by the names alone.
 */
final class Switch {

  private final Server server;
  private final Names names;
  private final Waits waits;

  Switch(Server server, Names names, Waits waits) {
    this.server = server;
    this.names = names;
    this.waits = waits;
  }

  boolean switched(RunId run) {
    return server.asking(connection -> new Databases(connection).find(names.old(run)).isPresent());
  }

  void over(RunId run) {
    server.carryOut(
        connection -> {
          Databases databases = new Databases(connection);
          if (databases.find(names.old(run)).isPresent()) {
            return;
          }
          boolean whole =
              databases.find(names.copy(run)).filter(c -> c.is(Tag.State.READY)).isPresent();
          if (!whole) {
            throw new DeployException.StepFailed(
                "database '" + names.copy(run) + "' is not there or not whole",
                "run 'resume': it makes it anew");
          }
          List<String> settings =
              new DatabaseSettings(connection).copying(names.live(), names.copy(run));
          swap(connection, names.copy(run), names.old(run), Tag.of(Tag.State.OLD, run), settings);
        });
  }

  void back(RunId run) {
    server.carryOut(
        connection -> {
          Databases databases = new Databases(connection);
          if (databases.find(names.old(run)).isPresent()) {
            swap(
                connection,
                names.old(run),
                names.copy(run),
                Tag.of(Tag.State.RETIRED, run),
                List.of());
          } else if (databases.find(names.live()).filter(live -> !live.open()).isPresent()) {
            databases.open(names.live(), true);
          }
        });
  }

  /**
   * Puts another database in the live one's place.
   *
   * @param other what is to be live
   * @param place the name that the live one gets
   * @param tag the comment that it gets; the other one gets the comment of the live one
   */
  private void swap(
      Connection connection, String other, String place, String tag, List<String> settings)
      throws SQLException {
    Databases databases = new Databases(connection);
    Sessions sessions = new Sessions(connection, waits);
    for (String name : List.of(names.live(), other)) {
      databases.open(name, false);
      sessions.end(name, Set.of());
    }
    Optional<Databases.Found> live = databases.find(names.live());
    @Nullable String comment = live.map(Databases.Found::comment).orElse(null);
    connection.setAutoCommit(false);
    try {
      for (String statement : settings) {
        Server.execute(connection, statement);
      }
      databases.rename(names.live(), place);
      databases.rename(other, names.live());
      databases.comment(place, tag);
      databases.comment(names.live(), comment);
      databases.open(place, true);
      databases.open(names.live(), true);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
