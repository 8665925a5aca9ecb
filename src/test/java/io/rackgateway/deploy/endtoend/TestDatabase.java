package io.rackgateway.deploy.endtoend;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The gateway's database on a server that tests share, brought back to its beginning for each. */
final class TestDatabase {

  private static final String PRISTINE = "pristine";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final URI admin;
  private final String app;

  /**
   * @param adminUrl of a role that may make databases; {@code postgres://…}
   * @param appUrl of the role that the gateway uses
   */
  TestDatabase(String adminUrl, String appUrl) {
    this.admin = URI.create(adminUrl);
    this.app = appUrl;
  }

  String adminUrl() {
    return admin.toString();
  }

  String appUrl() {
    return app;
  }

  String adminPassword() {
    return admin.getUserInfo().split(":", 2)[1];
  }

  String appPassword() {
    return URI.create(app).getUserInfo().split(":", 2)[1];
  }

  /** The database's name. */
  String name() {
    return admin.getPath().substring(1);
  }

  int port() {
    return admin.getPort();
  }

  /** Keeps the database as it is, to come back to. */
  void keepAsPristine() throws SQLException {
    sql("postgres", "CREATE DATABASE " + PRISTINE + " TEMPLATE " + name());
  }

  void makePristine() throws Exception {
    drop(name());
    sql("postgres", "CREATE DATABASE " + name() + " TEMPLATE " + PRISTINE);
  }

  /** Removes a database, as soon as autovacuum, which only a superuser may end, is done with it. */
  void drop(String database) throws Exception {
    Await.until("the database " + database + " to be dropped", () -> dropped(database));
  }

  private boolean dropped(String database) throws SQLException {
    try {
      sql("postgres", "DROP DATABASE IF EXISTS \"" + database + "\" WITH (FORCE)");
      return true;
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** How many migrations are applied. */
  int migrations() throws SQLException {
    try (Connection connection = connect(name());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM schema_migrations")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** The versions of the applied migrations, oldest first. */
  List<String> versions() throws SQLException {
    List<String> versions = new ArrayList<>();
    try (Connection connection = connect(name());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT version FROM schema_migrations ORDER BY version")) {
      while (rows.next()) {
        versions.add(rows.getString(1));
      }
    }
    return versions;
  }

  void sql(String database, String text) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /** In the form that the journal takes. */
  String jdbcUrl(String database) {
    String[] login = admin.getUserInfo().split(":", 2);
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(admin.getPort(), database, login[0], login[1]);
  }

  Connection connect(String database) throws SQLException {
    String[] login = admin.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + admin.getPort() + "/" + database, login[0], login[1]);
  }
}
