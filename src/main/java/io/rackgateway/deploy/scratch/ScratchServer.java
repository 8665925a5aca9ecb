package io.rackgateway.deploy.scratch;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What is asked of a server that holds scratch databases. */
final class ScratchServer {

  private final PostgresUrl url;

  ScratchServer(PostgresUrl url) {
    this.url = url;
  }

  /** Something done on a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Connects, works, and hangs up.
   *
   * @throws DeployException.Usage if the server does not do it
   */
  <T> T ask(Work<T> work) {
    try (Connection connection = connect()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  Connection connect() throws SQLException {
    Properties properties = url.jdbcProperties();
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.putIfAbsent("ApplicationName", "rack-gateway-deploy");
    return DriverManager.getConnection(url.jdbcUrl(), properties);
  }

  DeployException.Usage unusable(SQLException e) {
    return new DeployException.Usage(
        Problem.of(
            "the scratch server cannot be used: " + PostgresFailure.describe(url, e),
            "let backup.scratch.url name a PostgreSQL server whose user may create databases, or"
                + " leave it out for the embedded one"));
  }

  int major() {
    return ask(
        connection ->
            Integer.parseInt(first(connection, "SELECT current_setting('server_version_num')"))
                / 10_000);
  }

  /** The extensions that the server does not have. */
  List<String> missing(List<String> extensions) {
    return ask(
        connection ->
            absent(
                connection,
                "SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = ?",
                extensions));
  }

  void refuseWithout(List<String> extensions) {
    lacks(missing(extensions))
        .ifPresent(
            problem -> {
              throw new DeployException.Usage(problem);
            });
  }

  static Optional<Problem> lacks(List<String> missing) {
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                "the scratch server does not have what the database uses: "
                    + (missing.size() == 1 ? "extension " : "extensions ")
                    + String.join(", ", missing),
                "let backup.scratch.url name a PostgreSQL server that has it installed"));
  }

  /** The roles that the server lacks, or that its user may not make owners. */
  List<String> unusable(List<String> roles) {
    return ask(
        connection ->
            absent(
                connection,
                "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ? AND"
                    + " pg_catalog.pg_has_role(current_user, oid, 'MEMBER')",
                roles));
  }

  /** Makes those that are missing, without a way to log in. */
  void createRoles(List<String> roles) {
    ask(
        connection -> {
          List<String> missing =
              absent(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?", roles);
          try (Statement statement = connection.createStatement()) {
            for (String role : missing) {
              statement.execute("CREATE ROLE " + quoted(role) + " NOLOGIN");
            }
          }
          return missing;
        });
  }

  private static List<String> absent(Connection connection, String query, List<String> names)
      throws SQLException {
    List<String> absent = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (String name : names) {
        statement.setString(1, name);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            absent.add(name);
          }
        }
      }
    }
    return absent;
  }

  static String first(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      @Nullable String value = row.next() ? row.getString(1) : null;
      return String.valueOf(value);
    }
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
