package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.DatabaseRemoval;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Scratch databases on a server that the configuration names. Each is held by an advisory lock in
 * the database that the URL names, which the server gives back when its owner dies; whoever gets it
 * then drops the database.
 */
public final class UrlScratch implements ScratchDatabases {

  private static final String PREFIX = "rgd_scratch_";

  private final PostgresUrl url;
  private final List<PostgresUrl> live;
  private final ScratchServer server;

  /**
   * @param url of a database on a server where databases may be made
   * @param live the gateway's database, as each of its users
   */
  public UrlScratch(PostgresUrl url, List<PostgresUrl> live) {
    this.url = url;
    this.live = List.copyOf(live);
    this.server = new ScratchServer(url);
  }

  @Override
  public String display() {
    return "a database of its own at "
        + String.join(", ", url.servers().stream().map(Object::toString).toList());
  }

  @Override
  public boolean keepsRoles() {
    return false;
  }

  @Override
  public Optional<Problem> obstacle(Need need) {
    if (live.stream().anyMatch(this::same)) {
      return Optional.of(
          Problem.of(
              "backup.scratch.url names the gateway's own database '" + url.database() + "'",
              "let it name another database on that server, such as 'postgres', or another"
                  + " server"));
    }
    try {
      int major = server.major();
      if (major < need.serverMajor()) {
        return Optional.of(
            Problem.of(
                "the scratch server at backup.scratch.url is PostgreSQL "
                    + major
                    + ", older than the database's "
                    + need.serverMajor(),
                "let it name a server of PostgreSQL " + need.serverMajor() + " or later"));
      }
      boolean mayCreate =
          server.ask(
              connection ->
                  ScratchServer.first(
                          connection,
                          "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname ="
                              + " current_user")
                      .equals("t"));
      if (!mayCreate) {
        return Optional.of(
            Problem.of(
                "user '" + url.user() + "' of backup.scratch.url may not create databases",
                "give it that right: ALTER ROLE … CREATEDB"));
      }
      return ScratchServer.lacks(server.missing(need.extensions()));
    } catch (DeployException e) {
      return Optional.of(e.problem());
    }
  }

  private boolean same(PostgresUrl other) {
    return other.database().equals(url.database())
        && other.servers().stream().anyMatch(a -> url.servers().stream().anyMatch(b -> same(a, b)));
  }

  private static boolean same(PostgresUrl.Server a, PostgresUrl.Server b) {
    if (a.port() != b.port()) {
      return false;
    }
    try {
      return a.host().equalsIgnoreCase(b.host())
          || InetAddress.getByName(a.host()).equals(InetAddress.getByName(b.host()));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public ScratchDatabase open(String name, Need need) {
    Optional<Problem> obstacle = obstacle(need);
    if (obstacle.isPresent()) {
      throw new DeployException.Usage(obstacle.get());
    }
    String database = PREFIX + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    List<String> missing = server.unusable(need.ownRoles());
    List<String> notes =
        missing.isEmpty()
            ? List.of()
            : List.of(
                "the scratch server has no role "
                    + String.join(", ", missing)
                    + " that user '"
                    + url.user()
                    + "' belongs to: restored there without owners and grants");
    Connection owner = hold();
    try {
      dropLeftovers(owner);
      if (!lock(owner, database)) {
        throw new DeployException.Usage(
            "the scratch database " + database + " is in use", "wait for the run that uses it");
      }
      try (Statement statement = owner.createStatement()) {
        statement.execute(
            "CREATE DATABASE "
                + ScratchServer.quoted(database)
                + " TEMPLATE template0 ENCODING 'UTF8'");
      }
      PostgresUrl created =
          new PostgresUrl(url.servers(), url.user(), url.password(), database, url.options());
      return new Held(created, owner, server, notes);
    } catch (SQLException e) {
      closeQuietly(owner);
      throw server.unusable(e);
    } catch (RuntimeException e) {
      closeQuietly(owner);
      throw e;
    }
  }

  private Connection hold() {
    try {
      return server.connect();
    } catch (SQLException e) {
      throw server.unusable(e);
    }
  }

  private static void dropLeftovers(Connection owner) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = owner.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'rgd\\_scratch\\_%'"
                    + " AND pg_catalog.pg_has_role(current_user, datdba, 'MEMBER')")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    for (String database : found) {
      if (lock(owner, database)) {
        drop(owner, database);
        unlock(owner, database);
      }
    }
  }

  private static boolean lock(Connection owner, String database) throws SQLException {
    return answer(owner, "SELECT pg_catalog.pg_try_advisory_lock(hashtext(?))", database);
  }

  private static void unlock(Connection owner, String database) throws SQLException {
    answer(owner, "SELECT pg_catalog.pg_advisory_unlock(hashtext(?))", database);
  }

  private static boolean answer(Connection owner, String query, String database)
      throws SQLException {
    try (PreparedStatement statement = owner.prepareStatement(query)) {
      statement.setString(1, database);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static void drop(Connection owner, String database) throws SQLException {
    DatabaseRemoval.drop(owner, database);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The failure that led here is the one to report.
    }
  }

  /**
   * @param owner holds the lock for as long as it is open
   */
  private record Held(PostgresUrl url, Connection owner, ScratchServer server, List<String> notes)
      implements ScratchDatabase {

    @Override
    public boolean unowned() {
      return !notes.isEmpty();
    }

    @Override
    public void close() {
      try (Connection last = owner) {
        drop(last, url.database());
      } catch (SQLException e) {
        throw server.unusable(e);
      }
    }
  }
}
