package io.rackgateway.deploy.restore.server;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is connected to a database, and how they are made to leave. */
public final class Sessions {

  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * Ending a session takes being of its role, or the right to signal any that is no superuser's.
   */
  private static final String LIST =
      "SELECT a.pid, coalesce(a.usename, '?'), coalesce(a.application_name, ''),"
          + " (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"
          + " OR NOT coalesce(r.rolsuper, true) AND (pg_catalog.pg_has_role(a.usesysid, 'USAGE')"
          + " OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'))"
          + " FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r"
          + " ON r.oid = a.usesysid WHERE a.datname = ? AND a.pid <> pg_catalog.pg_backend_pid()"
          + " AND a.usesysid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend'";

  private final Connection connection;
  private final Waits waits;

  /**
   * @param connection to a maintenance database
   */
  public Sessions(Connection connection, Waits waits) {
    this.connection = connection;
    this.waits = waits;
  }

  /**
   * A session.
   *
   * @param endable whether this role may end it
   */
  public record Session(int pid, String role, String application, boolean endable) {

    /** {@code role 'reports' (metabase)}. */
    public String display() {
      return "role '" + role + "'" + (application.isEmpty() ? "" : " (" + application + ")");
    }
  }

  List<Session> of(String database) throws SQLException {
    return list(connection, database);
  }

  public static List<Session> list(Connection connection, String database) throws SQLException {
    List<Session> sessions = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LIST)) {
      statement.setString(1, database);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sessions.add(
              new Session(row.getInt(1), row.getString(2), row.getString(3), row.getBoolean(4)));
        }
      }
    }
    return sessions;
  }

  /**
   * Ends all sessions of a database that is closed to new ones.
   *
   * @param but the server's processes that stay
   * @throws DeployException.StepFailed if one does not end
   */
  public void end(String database, Set<Integer> but) {
    List<Session> left = new ArrayList<>();
    boolean gone =
        waits.untilTrue(
            "other sessions of database '" + database + "' to end",
            LIMIT,
            POLL,
            new Waits.Wakeup(),
            () -> {
              left.clear();
              left.addAll(look(database, but));
              left.stream().filter(Session::endable).forEach(this::terminate);
              return left.isEmpty();
            });
    if (!gone) {
      throw new DeployException.StepFailed(
          "database '"
              + database
              + "' is still in use by "
              + left.stream().map(Session::display).distinct().collect(Collectors.joining(", ")),
          "end these sessions, or grant the role of database.adminUrl the role pg_signal_backend;"
              + " then run the same command again");
    }
  }

  private List<Session> look(String database, Set<Integer> but) {
    try {
      return of(database).stream().filter(session -> !but.contains(session.pid())).toList();
    } catch (SQLException e) {
      throw new DeployException.StepFailed(
          "the sessions of database '" + database + "' cannot be read: " + e.getMessage(),
          "see why the database server refuses, then run the same command again");
    }
  }

  private void terminate(Session session) {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.pg_terminate_backend(?)")) {
      statement.setInt(1, session.pid());
      statement.execute();
    } catch (SQLException e) {
      // It may have ended by itself; if not, the next look finds it and the limit names it.
    }
  }
}
