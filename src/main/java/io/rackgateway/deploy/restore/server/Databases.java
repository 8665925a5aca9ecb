package io.rackgateway.deploy.restore.server;

import io.rackgateway.deploy.postgres.DatabaseRemoval;
import io.rackgateway.deploy.restore.Restorer.Kept;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The databases of a server, asked and changed through a maintenance connection. */
public final class Databases {

  private static final String FIND =
      "SELECT oid::bigint, datallowconn, pg_catalog.shobj_description(oid, 'pg_database')"
          + " FROM pg_catalog.pg_database WHERE datname = ?";

  private static final String OF_RESTORES =
      "SELECT datname, pg_catalog.shobj_description(oid, 'pg_database'),"
          + " CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT')"
          + " THEN pg_catalog.pg_database_size(oid) ELSE 0 END"
          + " FROM pg_catalog.pg_database WHERE datname ~ ? ORDER BY right(datname, 22), datname";

  private static final String MAKE =
      "SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.datdba)),"
          + " pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,"
          + " CASE WHEN d.dattablespace = (SELECT p.dattablespace FROM pg_catalog.pg_database p"
          + " WHERE p.datname = 'template0') THEN '' ELSE"
          + " ' TABLESPACE ' || pg_catalog.quote_ident(t.spcname) END, to_jsonb(d) ->> 'datlocprovider',"
          + " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),"
          + " to_jsonb(d) ->> 'daticurules' FROM pg_catalog.pg_database d"
          + " JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ?";

  private final Connection connection;

  public Databases(Connection connection) {
    this.connection = connection;
  }

  /**
   * A database that is there.
   *
   * @param open whether connections to it are allowed
   */
  public record Found(String name, long oid, boolean open, @Nullable String comment) {

    public boolean is(Tag.State state) {
      Tag tag = Tag.read(comment);
      return tag != null && tag.state() == state;
    }
  }

  public Optional<Found> find(String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new Found(name, row.getLong(1), row.getBoolean(2), row.getString(3)))
            : Optional.empty();
      }
    }
  }

  public List<Kept> ofRestores(String pattern) throws SQLException {
    List<Kept> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(OF_RESTORES)) {
      statement.setString(1, pattern);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Tag tag = Tag.read(row.getString(2));
          if (tag != null) {
            found.add(new Kept(row.getString(1), row.getLong(3), tag.origin()));
          }
        }
      }
    }
    return found;
  }

  /** Makes an empty database with the owner, encoding, locale and tablespace of another. */
  public void createLike(String name, String like) throws SQLException {
    StringBuilder sql = new StringBuilder("CREATE DATABASE ").append(Sql.quoted(name));
    try (PreparedStatement statement = connection.prepareStatement(MAKE)) {
      statement.setString(1, like);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("database \"" + like + "\" does not exist", "3D000");
        }
        sql.append(" OWNER ").append(row.getString(1)).append(" TEMPLATE template0 ENCODING ");
        sql.append(Sql.literal(row.getString(2)));
        sql.append(" LC_COLLATE ").append(Sql.literal(row.getString(3)));
        sql.append(" LC_CTYPE ").append(Sql.literal(row.getString(4)));
        sql.append(row.getString(5));
        sql.append(locale(row.getString(6), row.getString(7), row.getString(8)));
      }
    }
    Server.execute(connection, sql.toString());
  }

  /** PostgreSQL 15 and later have other providers of locales than the C library. */
  private static String locale(
      @Nullable String provider, @Nullable String locale, @Nullable String rules) {
    if (provider == null || locale == null || provider.equals("c")) {
      return "";
    }
    boolean icu = provider.equals("i");
    return (icu ? " LOCALE_PROVIDER icu ICU_LOCALE " : " LOCALE_PROVIDER builtin BUILTIN_LOCALE ")
        + Sql.literal(locale)
        + (rules == null ? "" : " ICU_RULES " + Sql.literal(rules));
  }

  public void comment(String name, @Nullable String comment) throws SQLException {
    Server.execute(
        connection,
        "COMMENT ON DATABASE "
            + Sql.quoted(name)
            + " IS "
            + (comment == null ? "NULL" : Sql.literal(comment)));
  }

  /** Lets new sessions in, or keeps all out; those that are there stay. */
  public void open(String name, boolean open) throws SQLException {
    Server.execute(
        connection, "ALTER DATABASE " + Sql.quoted(name) + " WITH ALLOW_CONNECTIONS " + open);
  }

  public void rename(String from, String to) throws SQLException {
    Server.execute(
        connection, "ALTER DATABASE " + Sql.quoted(from) + " RENAME TO " + Sql.quoted(to));
  }

  public void drop(String name) throws SQLException {
    DatabaseRemoval.drop(connection, name);
  }
}
