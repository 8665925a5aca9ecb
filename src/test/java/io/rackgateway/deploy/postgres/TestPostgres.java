package io.rackgateway.deploy.postgres;

import io.rackgateway.deploy.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL server of the tests' own on 127.0.0.1 that asks everybody but {@code postgres} for a
 * password.
 */
public final class TestPostgres implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final Path folder;

  private TestPostgres(EmbeddedPostgres server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** Starts a server with its files below the folder. */
  public static TestPostgres start(Path folder) throws IOException {
    Path access = folder.resolve("pg_hba.conf");
    Files.writeString(
        access,
        """
        host all postgres 127.0.0.1/32 trust
        host all all 127.0.0.1/32 scram-sha-256
        local all all scram-sha-256
        """);
    return new TestPostgres(
        EmbeddedPostgres.builder()
            .setServerConfig("hba_file", access.toString())
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", folder.toString())
            .setServerConfig("fsync", "off")
            .start(),
        folder);
  }

  public int port() {
    return server.getPort();
  }

  /** A new database with a new user as its owner. */
  public PostgresUrl create(String database, String user, String password) throws SQLException {
    execute(
        "postgres",
        "CREATE ROLE \"" + user + "\" LOGIN PASSWORD '" + password.replace("'", "''") + "'",
        "CREATE DATABASE \"" + database + "\" OWNER \"" + user + "\"");
    return url(database, user, password);
  }

  public PostgresUrl url(String database, String user, String password) {
    return PostgresUrl.parse("database.url", secretUrl(database, user, password));
  }

  public Secret secretUrl(String database, String user, String password) {
    return new Secret(
        "postgresql://"
            + PercentCode.encode(user)
            + ":"
            + PercentCode.encode(password)
            + "@127.0.0.1:"
            + port()
            + "/"
            + PercentCode.encode(database));
  }

  /** The same by the server's Unix socket, which is in its folder. */
  public Secret socketUrl(String database, String user, String password) {
    return new Secret(
        "postgresql://"
            + PercentCode.encode(user)
            + ":"
            + PercentCode.encode(password)
            + "@/"
            + PercentCode.encode(database)
            + "?host="
            + PercentCode.encode(folder.toString())
            + "&port="
            + port());
  }

  /** Runs statements as the superuser. */
  public void execute(String database, String... statements) throws SQLException {
    try (Connection connection = superuser(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of the first row, asked as the superuser. */
  public String query(String database, String sql) throws SQLException {
    try (Connection connection = superuser(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + PercentCode.encode(database),
        "postgres",
        "");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
