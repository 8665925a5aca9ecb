package io.rackgateway.deploy.postgres;

import io.rackgateway.deploy.config.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and how to log in to it. Children get it as environment variables
 * and never as arguments, which every user of the machine could read.
 *
 * @param servers one or more; a client tries them in this order
 * @param password null when the URL has none; clients then look into {@code ~/.pgpass}
 * @param options connection parameters by their libpq names, such as {@code sslmode}
 */
public record PostgresUrl(
    List<Server> servers,
    String user,
    @Nullable String password,
    String database,
    Map<String, String> options) {

  /**
   * One server.
   *
   * @param host name, IPv4 or IPv6 address, or the folder of a Unix socket
   */
  public record Server(String host, int port) {

    boolean isSocket() {
      return host.startsWith("/") || host.startsWith("@");
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  public PostgresUrl {
    servers = List.copyOf(servers);
    options = Map.copyOf(options);
  }

  /**
   * Reads {@code postgresql://user:password@host:port/name?sslmode=…} with everything that libpq
   * allows in it, or {@code jdbc:postgresql://host:port/name?user=…&password=…}.
   *
   * @param key what the URL is called in the configuration, for messages: {@code database.url}
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is neither; the message tells
   *     nothing of the password
   */
  public static PostgresUrl parse(String key, Secret url) {
    return new PostgresUrlParser(key).parse(url.value());
  }

  /**
   * The environment in which {@code pg_dump}, {@code pg_restore} and {@code psql} find this
   * database. Variables of this process that would lead them elsewhere are overridden.
   */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PGHOST", join(servers.stream().map(Server::host).toList()));
    environment.put(
        "PGPORT", join(servers.stream().map(server -> Integer.toString(server.port())).toList()));
    environment.put("PGHOSTADDR", "");
    environment.put("PGDATABASE", database);
    environment.put("PGUSER", user);
    environment.put("PGOPTIONS", "");
    environment.put("PGSSLMODE", "prefer");
    environment.put("PGTARGETSESSIONATTRS", "any");
    String secret = password;
    if (secret != null) {
      environment.put("PGPASSWORD", secret);
    }
    options.forEach((name, value) -> environment.put(PostgresOption.of(name).variable(), value));
    return environment;
  }

  /** Why Java cannot reach this database although libpq can, if so. */
  public Optional<String> jdbcObstacle() {
    if (servers.stream().anyMatch(server -> server.host().startsWith("@"))) {
      return Optional.of(
          "the database URL names an abstract Unix socket, which Java cannot connect to; give host"
              + " and port instead");
    }
    Set<String> places =
        servers.stream()
            .map(server -> server.isSocket() ? server.host() : "TCP")
            .collect(Collectors.toSet());
    return places.size() > 1 && !places.equals(Set.of("TCP"))
        ? Optional.of(
            "the database URL names a Unix socket among other servers, which Java cannot connect to"
                + " in turn; give one of them")
        : Optional.empty();
  }

  /** The address for the JDBC driver, without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://"
        + join(
            servers.stream()
                .map(s -> s.isSocket() ? "localhost:" + s.port() : s.toString())
                .toList())
        + "/"
        + PercentCode.encode(database);
  }

  /** User, password and parameters for the JDBC driver. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    String secret = password;
    if (secret != null) {
      properties.setProperty("password", secret);
    }
    options.forEach((name, value) -> PostgresOption.of(name).toJdbc(value, properties));
    if (servers.get(0).isSocket()) {
      properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
      properties.setProperty("socketFactoryArg", servers.get(0).host());
      // As libpq does: nothing is encrypted that does not leave the machine.
      properties.setProperty("sslmode", "disable");
      properties.setProperty("gssEncMode", "disable");
    }
    return properties;
  }

  /** For people: {@code database 'gateway' at db.example.com:5432, user 'app'}. No password. */
  public String display() {
    return "database '"
        + database
        + "' at "
        + servers.stream().map(Server::toString).collect(Collectors.joining(", "))
        + ", user '"
        + user
        + "'";
  }

  /** Never shows the password, so that it cannot slip into a message. */
  @Override
  public String toString() {
    return display();
  }

  private static String join(List<String> words) {
    return String.join(",", words);
  }
}
