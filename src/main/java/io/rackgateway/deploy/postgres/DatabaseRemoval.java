package io.rackgateway.deploy.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Drops a database that nobody needs any more. {@code WITH (FORCE)} is refused to those who may not
 * end each of its sessions, one of which can be autovacuum's; a plain {@code DROP DATABASE} ends
 * that one by itself.
 */
public final class DatabaseRemoval {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private static final String END_OWN =
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname ="
          + " ? AND backend_type = 'client backend' AND pg_catalog.pg_has_role(usesysid, 'MEMBER')";

  private DatabaseRemoval() {}

  /**
   * Drops the database if it is there.
   *
   * @param owner a connection of its owner to another database
   * @param name as it is, not quoted
   */
  public static void drop(Connection owner, String name) throws SQLException {
    String drop = "DROP DATABASE IF EXISTS \"" + name.replace("\"", "\"\"") + "\"";
    try (Statement statement = owner.createStatement()) {
      try {
        statement.execute(drop + " WITH (FORCE)");
      } catch (SQLException e) {
        if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
          throw e;
        }
        try (PreparedStatement end = owner.prepareStatement(END_OWN)) {
          end.setString(1, name);
          end.execute();
        }
        statement.execute(drop);
      }
    }
  }
}
