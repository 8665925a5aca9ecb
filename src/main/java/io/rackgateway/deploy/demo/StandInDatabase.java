package io.rackgateway.deploy.demo;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in's one connection to its database, opened again after it broke. Knows the URL form of
 * Go programs: {@code postgres://user:password@host:5432/name?sslmode=disable}.
 */
final class StandInDatabase implements AutoCloseable {

  static final String DRIVER = "org.postgresql.Driver";

  private static final String CONNECT_SECONDS = "3";

  private final String url;
  private @Nullable Connection connection;

  StandInDatabase(String url) {
    this.url = url;
  }

  /** Opens a connection of the caller's own. */
  Connection connect() throws SQLException {
    URI uri = URI.create(url);
    Properties properties = new Properties();
    String user = uri.getRawUserInfo();
    if (user != null) {
      String[] parts = user.split(":", 2);
      properties.setProperty("user", decode(parts[0]));
      if (parts.length == 2) {
        properties.setProperty("password", decode(parts[1]));
      }
    }
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("ApplicationName", "rack-gateway");
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String authority = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    Connection opened =
        driver().connect("jdbc:postgresql://" + authority + uri.getPath() + query, properties);
    if (opened == null) {
      throw new SQLException("not a PostgreSQL URL");
    }
    return opened;
  }

  /** By name: DriverManager would load every driver of the class path, which takes longer. */
  private static Driver driver() throws SQLException {
    try {
      return Class.forName(DRIVER).asSubclass(Driver.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new SQLException("the PostgreSQL driver is not on the class path", e);
    }
  }

  /** Connects for {@link #record}. */
  synchronized void open() throws SQLException {
    if (connection == null) {
      connection = connect();
    }
  }

  /** Writes one row of the audit log. */
  synchronized void record(String user, String action, String resource, int status)
      throws SQLException {
    try {
      open();
      Connection current = connection;
      if (current == null) {
        return;
      }
      try (PreparedStatement insert =
          current.prepareStatement(
              "INSERT INTO audit.audit_event (user_email, action, resource, http_status)"
                  + " VALUES (?, ?, ?, ?)")) {
        insert.setString(1, user);
        insert.setString(2, action);
        insert.setString(3, resource);
        insert.setInt(4, status);
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  /** Whether this is, of all that are open on the database, the first that asked. */
  synchronized boolean isFirst() {
    try {
      open();
      Connection current = connection;
      if (current == null) {
        return false;
      }
      // Held for as long as the connection; the number is nobody else's.
      try (Statement statement = current.createStatement();
          ResultSet result = statement.executeQuery("SELECT pg_try_advisory_lock(20261124)")) {
        return result.next() && result.getBoolean(1);
      }
    } catch (SQLException e) {
      close();
      return false;
    }
  }

  @Override
  public synchronized void close() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        // It broke already; nothing of ours is open on it any more.
      }
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
