package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.time.Cancellation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The database that a backup is restored into. */
final class TargetDatabase implements AutoCloseable {

  private static final int NAMED = 5;

  private static final String CONTENTS =
      """
      SELECT name FROM (
        SELECT n.nspname || '.' || c.relname AS name, n.nspname, 'pg_catalog.pg_class'::pg_catalog.regclass AS class,
          c.oid
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm', 'f')
        UNION ALL
        SELECT n.nspname || '.' || p.proname, n.nspname, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        UNION ALL
        SELECT 'schema ' || nspname, nspname, 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid
        FROM pg_catalog.pg_namespace WHERE nspname <> 'public') o
      WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
          WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
      ORDER BY 1
      """;

  private static final String LOGIN =
      "SELECT rolsuper, rolsuper OR rolcreaterole FROM pg_catalog.pg_roles"
          + " WHERE rolname = current_user";

  private final PostgresUrl url;
  private final Connection connection;
  private final Cancellation cancellation;
  private final Cancellation.Registration registration;

  private TargetDatabase(PostgresUrl url, Connection connection, Cancellation cancellation) {
    this.url = url;
    this.connection = connection;
    this.cancellation = cancellation;
    this.registration = cancellation.onRequest(() -> abort(connection));
  }

  static TargetDatabase open(PostgresUrl url, Duration limit, Cancellation cancellation) {
    try {
      Connection connection = new PostgresConnector(url, limit).connect();
      connection.setReadOnly(false);
      return new TargetDatabase(url, connection, cancellation);
    } catch (SQLException e) {
      throw failed(url, e);
    }
  }

  /**
   * Refuses to restore where it could only fail, or would mix with what is there.
   *
   * @throws DeployException.StepFailed naming the reason
   */
  void check(Optional<DatabaseFacts> facts, boolean unowned) {
    List<String> contents = names(CONTENTS);
    if (!contents.isEmpty()) {
      throw refused(
          url.display() + " is not empty: it holds " + some(contents),
          "restore into a new database");
    }
    facts.ifPresent(source -> check(source, unowned));
  }

  private void check(DatabaseFacts source, boolean unowned) {
    int major = major();
    if (major < source.serverMajor()) {
      throw refused(
          "the server of "
              + url.display()
              + " is PostgreSQL "
              + major
              + ", older than the backup's "
              + source.serverVersion(),
          "restore into a server of PostgreSQL " + source.serverMajor() + " or later");
    }
    List<String> available = names("SELECT name FROM pg_catalog.pg_available_extensions");
    List<String> lacking =
        source.extensions().stream()
            .map(DatabaseFacts.Extension::name)
            .filter(name -> !available.contains(name))
            .toList();
    if (!lacking.isEmpty()) {
      throw refused(
          "the extension "
              + some(lacking)
              + " of the backup is not available on the server of "
              + url.display(),
          "install it there, or restore into a server that has it");
    }
    List<String> roles = names("SELECT rolname FROM pg_catalog.pg_roles");
    List<String> strange = source.roles().stream().filter(role -> !roles.contains(role)).toList();
    if (unowned) {
      create(strange);
    } else if (!strange.isEmpty()) {
      throw refused(
          "the role " + some(strange) + " is not there on the server of " + url.display(),
          "create it there, as on the backup's server");
    }
  }

  /** The server's major version. */
  int major() {
    return Integer.parseInt(names("SHOW server_version_num").get(0)) / 10_000;
  }

  /** Policies, and migrations later on, name roles although nobody owns anything there. */
  private void create(List<String> roles) {
    if (may(2)) {
      roles.forEach(role -> execute("CREATE ROLE " + quoted(role) + " NOLOGIN"));
    }
  }

  /**
   * Lets those who are to own schemas create them, where the login is no superuser, to whom that is
   * no matter.
   *
   * @param schemas the lines of the archive's listing
   * @return the roles that were given the right, for {@link #takeBack}
   */
  List<String> lend(List<String> schemas) {
    if (may(1)) {
      return List.of();
    }
    List<String> roles =
        names(
            "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT"
                + " pg_catalog.has_database_privilege(oid, current_database(), 'CREATE')");
    List<String> lent =
        roles.stream()
            .filter(role -> schemas.stream().anyMatch(line -> line.endsWith(" " + role)))
            .toList();
    lent.forEach(
        role ->
            execute("GRANT CREATE ON DATABASE " + quoted(url.database()) + " TO " + quoted(role)));
    return lent;
  }

  /** Takes back what was lent; the database is as good without, should that fail. */
  void takeBack(List<String> lent) {
    for (String role : lent) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "REVOKE CREATE ON DATABASE " + quoted(url.database()) + " FROM " + quoted(role));
      } catch (SQLException e) {
        // The restore failed as well, then, and the database is of no use.
      }
    }
  }

  private boolean may(int column) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LOGIN)) {
      return row.next() && row.getBoolean(column);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private List<String> names(String query) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
  }

  private RuntimeException failed(SQLException e) {
    cancellation.throwIfPending();
    return failed(url, e);
  }

  private static DeployException.StepFailed failed(PostgresUrl url, SQLException e) {
    return new DeployException.StepFailed(
        Problem.of(
            PostgresFailure.describe(url, e),
            "see why that database does not answer as it should, then restore anew"),
        e);
  }

  private static DeployException.StepFailed refused(String summary, String next) {
    return new DeployException.StepFailed(summary, next);
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
  }

  @Override
  public void close() {
    registration.close();
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was left open in it.
    }
  }
}
