package io.rackgateway.deploy.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * Opens read-only connections that give up soon: whoever asks would rather know that a database
 * does not answer than wait for it.
 */
public final class PostgresConnector {

  private static final int CONNECT_SECONDS = 2;

  private final PostgresUrl url;
  private final Duration statementTimeout;

  /**
   * @param statementTimeout how long one question may take
   */
  public PostgresConnector(PostgresUrl url, Duration statementTimeout) {
    this.url = url;
    this.statementTimeout = statementTimeout;
  }

  public PostgresUrl url() {
    return url;
  }

  /**
   * A new connection, read-only.
   *
   * @throws SQLException if there is none within seconds; {@link PostgresFailure} makes a sentence
   *     of it
   */
  public Connection connect() throws SQLException {
    Optional<String> obstacle = url.jdbcObstacle();
    if (obstacle.isPresent()) {
      throw new SQLException(obstacle.get(), "08001");
    }
    Properties properties = url.jdbcProperties();
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    // A server that accepts and stays silent would otherwise be waited for without an end.
    properties.setProperty("loginTimeout", Integer.toString(2 * CONNECT_SECONDS));
    properties.setProperty(
        "socketTimeout", Long.toString(statementTimeout.toSeconds() + CONNECT_SECONDS));
    properties.putIfAbsent("ApplicationName", "rack-gateway-deploy");
    Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
    try (Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      statement.execute("SET statement_timeout = " + statementTimeout.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
