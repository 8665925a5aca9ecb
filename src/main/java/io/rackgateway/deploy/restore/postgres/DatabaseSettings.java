package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.restore.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a database and not to what is in it, so that a dump does not hold it: rights,
 * {@code ALTER DATABASE … SET}, {@code ALTER ROLE … IN DATABASE … SET}, the connection limit.
 */
final class DatabaseSettings {

  private static final String RIGHTS =
      "SELECT d.datacl IS NULL, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE"
          + " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,"
          + " a.privilege_type, a.is_grantable, a.grantee = d.datdba FROM pg_catalog.pg_database d"
          + " LEFT JOIN LATERAL pg_catalog.aclexplode(d.datacl) a ON true WHERE d.datname = ?";

  private static final String SETTINGS =
      "SELECT CASE WHEN s.setrole = 0 THEN NULL ELSE"
          + " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.setrole)) END, unnest(s.setconfig)"
          + " FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d"
          + " ON d.oid = s.setdatabase WHERE d.datname = ?";

  private static final String LIMIT =
      "SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = ?";

  /** Settings whose value is a list of names; PostgreSQL keeps them with each name quoted. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private final Connection connection;

  DatabaseSettings(Connection connection) {
    this.connection = connection;
  }

  /** The statements that give a database what another has, without its comment. */
  List<String> copying(String from, String to) throws SQLException {
    String database = Sql.quoted(to);
    List<String> statements = new ArrayList<>();
    rights(from, database, statements);
    try (PreparedStatement statement = connection.prepareStatement(SETTINGS)) {
      statement.setString(1, from);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          statements.add(setting(row.getString(1), database, row.getString(2)));
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(LIMIT)) {
      statement.setString(1, from);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next() && row.getInt(1) >= 0) {
          statements.add("ALTER DATABASE " + database + " CONNECTION LIMIT " + row.getInt(1));
        }
      }
    }
    return statements;
  }

  private void rights(String from, String database, List<String> statements) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RIGHTS)) {
      statement.setString(1, from);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getBoolean(1)) {
            return;
          }
          if (statements.isEmpty()) {
            statements.add("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
          }
          if (row.getString(3) != null && !row.getBoolean(5)) {
            statements.add(
                "GRANT "
                    + row.getString(3)
                    + " ON DATABASE "
                    + database
                    + " TO "
                    + row.getString(2)
                    + (row.getBoolean(4) ? " WITH GRANT OPTION" : ""));
          }
        }
      }
    }
  }

  private static String setting(@Nullable String role, String database, String setting) {
    int equals = setting.indexOf('=');
    String name = setting.substring(0, equals);
    String value = setting.substring(equals + 1);
    return (role == null
            ? "ALTER DATABASE " + database
            : "ALTER ROLE " + role + " IN DATABASE " + database)
        + " SET "
        + Sql.quoted(name).replace(".", "\".\"")
        + " TO "
        + (LISTS.contains(name) ? list(value) : Sql.literal(value));
  }

  /** {@code "$user", public} as {@code '$user', 'public'}; an empty list is an empty text. */
  private static String list(String value) {
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' && quoted && i + 1 < value.length() && value.charAt(i + 1) == '"') {
        item.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        items.add(item.toString());
        item.setLength(0);
      } else if (quoted || !Character.isWhitespace(c)) {
        item.append(c);
      }
    }
    items.add(item.toString());
    return String.join(", ", items.stream().map(Sql::literal).toList());
  }
}
