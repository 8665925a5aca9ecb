package io.rackgateway.deploy.restore.server;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.postgres.PostgresFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the restored copy could take the live database's place, found out while everything still
 * runs: what the role of {@code database.adminUrl} may not do is named before anything is stopped.
 */
public final class LivePreflight {

  private static final String NAME = "restore";

  private static final String RIGHTS =
      "SELECT r.rolsuper, r.rolcreatedb, pg_catalog.pg_has_role(d.datdba, 'USAGE'),"
          + " pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_is_in_recovery(),"
          + " (SELECT count(*) FROM pg_catalog.pg_prepared_xacts x WHERE x.database = d.datname),"
          + " (SELECT string_agg(s.slot_name, ', ' ORDER BY s.slot_name) FROM"
          + " pg_catalog.pg_replication_slots s WHERE s.database = d.datname),"
          + " d.datname FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles r"
          + " ON r.rolname = current_user WHERE d.datname = ?";

  private final Server server;
  private final String applicationRole;
  private final boolean renames;

  /**
   * @param applicationRole the role of {@code database.url}: its sessions end with the gateway
   * @param renames whether the copy is made on the same server and takes the name; else the
   *     database is only shut
   */
  public LivePreflight(Server server, String applicationRole, boolean renames) {
    this.server = server;
    this.applicationRole = applicationRole;
    this.renames = renames;
  }

  /**
   * The gate {@code restore}.
   *
   * @param evidence what it says where nothing is in the way
   */
  public Gate gate(String evidence) {
    try (Connection live = server.connect(server.url().database());
        Statement alive = live.createStatement()) {
      alive.execute("SELECT 1");
    } catch (SQLException e) {
      return Gate.block(
          NAME,
          PostgresFailure.describe(server.url(), e),
          "correct database.adminUrl, or make the database answer");
    }
    try (Connection connection = server.maintenance()) {
      return judge(evidence, connection);
    } catch (SQLException e) {
      return Gate.block(
          NAME,
          "the live database can only be "
              + (renames ? "renamed" : "shut")
              + " from another one, and neither 'postgres' nor"
              + " 'template1' lets this role in: "
              + PostgresFailure.describe(server.url("template1"), e),
          "allow the role of database.adminUrl to connect to the database 'postgres'");
    }
  }

  private Gate judge(String evidence, Connection connection) throws SQLException {
    String role = server.url().user();
    String database = server.url().database();
    String slots;
    try (PreparedStatement statement = connection.prepareStatement(RIGHTS)) {
      statement.setString(1, database);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Gate.block(
              NAME, "there is no database '" + database + "'", "correct database.adminUrl");
        }
        if (row.getBoolean(5)) {
          return Gate.block(
              NAME,
              "the database server is a standby, which cannot be written to",
              "give the primary's address in database.adminUrl");
        }
        boolean superuser = row.getBoolean(1);
        if (renames && !superuser && !row.getBoolean(2)) {
          return Gate.block(
              NAME,
              "role '" + role + "' may not create databases, so there is no place for the copy",
              "as a superuser run: ALTER ROLE " + Sql.quoted(role) + " CREATEDB");
        }
        if (!superuser && !row.getBoolean(3)) {
          return Gate.block(
              NAME,
              "database '"
                  + database
                  + "' belongs to role '"
                  + row.getString(4)
                  + "', so role '"
                  + role
                  + "' may not "
                  + (renames ? "rename it" : "shut it to others"),
              "as a superuser run: GRANT "
                  + Sql.quoted(row.getString(4))
                  + " TO "
                  + Sql.quoted(role));
        }
        if (renames && row.getLong(6) > 0) {
          return Gate.block(
              NAME,
              row.getLong(6) + " prepared transactions hold database '" + database + "' open",
              "commit or roll them back; they are in pg_prepared_xacts");
        }
        slots = row.getString(7);
      }
    }
    List<String> strangers = strangers(connection, database);
    if (!strangers.isEmpty()) {
      return Gate.block(
          NAME,
          "others use database '"
              + database
              + "' whose sessions role '"
              + role
              + "' may not end: "
              + String.join(", ", strangers),
          "end them, or as a superuser run: GRANT pg_signal_backend TO " + Sql.quoted(role));
    }
    return slots == null || !renames
        ? Gate.pass(NAME, evidence)
        : Gate.warn(
            NAME,
            evidence + "; the replication slots " + slots + " stay with the old database",
            "make them anew on the restored database afterwards");
  }

  private List<String> strangers(Connection connection, String database) throws SQLException {
    return Sessions.list(connection, database).stream()
        .filter(session -> !session.endable() && !session.role().equals(applicationRole))
        .map(Sessions.Session::display)
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
