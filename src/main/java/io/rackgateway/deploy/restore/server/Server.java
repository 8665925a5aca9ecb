package io.rackgateway.deploy.restore.server;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** The server of the gateway's database, as the role of {@code database.adminUrl}. */
public final class Server {

  private static final String CONNECT_SECONDS = "5";
  private static final String LOGIN_SECONDS = "10";

  /** Where one can stand while the live database is renamed. */
  private static final List<String> MAINTENANCE = List.of("postgres", "template1");

  /** One restore works on a database at a time, also one whose process was just killed. */
  private static final long LOCK = 728443221;

  private final PostgresUrl url;

  public Server(PostgresUrl url) {
    this.url = url;
  }

  /** The live database. */
  public PostgresUrl url() {
    return url;
  }

  /** Another database of the same server. */
  public PostgresUrl url(String database) {
    return new PostgresUrl(url.servers(), url.user(), url.password(), database, url.options());
  }

  public Connection connect(String database) throws SQLException {
    String obstacle = url.jdbcObstacle().orElse(null);
    if (obstacle != null) {
      throw new SQLException(obstacle, "08001");
    }
    PostgresUrl there = url(database);
    Properties properties = there.jdbcProperties();
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("loginTimeout", LOGIN_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    properties.putIfAbsent("ApplicationName", "rack-gateway-deploy");
    if (url.servers().size() > 1) {
      properties.setProperty("targetServerType", "primary");
    }
    return DriverManager.getConnection(there.jdbcUrl(), properties);
  }

  /**
   * A connection to a database that is neither the live one nor a copy of it.
   *
   * @throws SQLException of the last database that was tried
   */
  public Connection maintenance() throws SQLException {
    SQLException last = null;
    for (String database : MAINTENANCE) {
      try {
        return connect(database);
      } catch (SQLException e) {
        last = e;
      }
    }
    throw last == null ? new SQLException("no database to connect to") : last;
  }

  /** Like {@link #maintenance}, alone: waits for another restore of the database to let go. */
  Connection alone() throws SQLException {
    Connection connection = maintenance();
    try (Statement settings = connection.createStatement();
        PreparedStatement lock =
            connection.prepareStatement("SELECT pg_advisory_lock(?, hashtext(?))")) {
      settings.execute("SET lock_timeout = '60s'");
      settings.execute("SET statement_timeout = 0");
      lock.setInt(1, (int) LOCK);
      lock.setString(2, url.database());
      lock.execute();
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Work on a connection of its own. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does work in the maintenance database, alone.
   *
   * @throws DeployException.StepFailed if the server refuses
   */
  public <T> T doing(Work<T> work) {
    try (Connection connection = alone()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Work without an answer. */
  @FunctionalInterface
  public interface Task {
    void on(Connection connection) throws SQLException;
  }

  /** {@link #doing} without an answer. */
  public void carryOut(Task task) {
    try (Connection connection = alone()) {
      task.on(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Asks something in the maintenance database. */
  public <T> T asking(Work<T> work) {
    try (Connection connection = maintenance()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  public DeployException.StepFailed failed(SQLException e) {
    return new DeployException.StepFailed(
        Problem.of(
            PostgresFailure.describe(url, e),
            "see why the database server refuses, then run the same command again"),
        e);
  }

  /** The server's process that serves the connection. */
  public static int pid(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
