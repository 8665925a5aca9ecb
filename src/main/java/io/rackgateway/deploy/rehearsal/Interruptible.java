package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.time.Cancellation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Work on a copy that may take long, and ends at once when the run is cancelled. */
final class Interruptible {

  private final Cancellation cancellation;

  Interruptible(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /** Work on one connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does the work.
   *
   * @throws DeployException.StepFailed if the database does not do it
   * @throws DeployException.Cancelled if the run was cancelled meanwhile
   */
  <T> T on(PostgresUrl url, Work<T> work) {
    cancellation.throwIfPending();
    try (Connection connection = connect(url)) {
      Cancellation.Registration registration = cancellation.onRequest(() -> abort(connection));
      try {
        return work.on(connection);
      } finally {
        registration.close();
      }
    } catch (SQLException e) {
      cancellation.throwIfPending();
      throw new DeployException.StepFailed(
          Problem.of(
              "the restored copy does not answer: " + PostgresFailure.describe(url, e),
              "see why the scratch server stopped, then run the same command again"),
          e);
    }
  }

  static Connection connect(PostgresUrl url) throws SQLException {
    Properties properties = url.jdbcProperties();
    properties.setProperty("connectTimeout", "10");
    properties.putIfAbsent("ApplicationName", "rack-gateway-deploy");
    return DriverManager.getConnection(url.jdbcUrl(), properties);
  }

  static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
  }
}
