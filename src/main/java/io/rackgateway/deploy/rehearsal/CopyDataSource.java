package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.postgres.PostgresUrl;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections to a copy in the form that Flyway takes, remembered so that they can be ended. */
final class CopyDataSource implements DataSource {

  private final PostgresUrl url;
  private final List<Connection> open;

  /**
   * @param open receives each connection, under its own lock
   */
  CopyDataSource(PostgresUrl url, List<Connection> open) {
    this.url = url;
    this.open = open;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = Interruptible.connect(url);
    synchronized (open) {
      open.add(connection);
    }
    return connection;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // Nothing is logged.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // Connections have their own.
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
