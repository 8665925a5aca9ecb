package io.rackgateway.deploy.postgres;

import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads both forms of a database URL. Its messages quote nothing that may hold a password. */
final class PostgresUrlParser {

  private static final String JDBC = "jdbc:";
  private static final int DEFAULT_PORT = 5432;
  private static final String FORM =
      "write postgresql://user:password@host:5432/name, each part percent-encoded where it holds"
          + " one of : / ? # [ ] @ %";

  /** Values that are parts of the address, not options. */
  private static final List<String> ADDRESS = List.of("host", "port", "user", "password", "dbname");

  private final String key;

  PostgresUrlParser(String key) {
    this.key = key;
  }

  PostgresUrl parse(String text) {
    boolean jdbc = text.startsWith(JDBC);
    String url = text.strip().substring(jdbc ? JDBC.length() : 0);
    String rest;
    if (url.startsWith("postgresql://")) {
      rest = url.substring("postgresql://".length());
    } else if (url.startsWith("postgres://")) {
      rest = url.substring("postgres://".length());
    } else {
      throw wrong(
          text.isBlank()
              ? "is empty"
              : "is not a PostgreSQL URL: it does not begin with postgresql://");
    }
    int question = rest.lastIndexOf('@') < 0 ? rest.indexOf('?') : questionAfterUser(rest);
    Map<String, String> parameters =
        question < 0 ? Map.of() : parameters(rest.substring(question + 1), jdbc);
    String location = question < 0 ? rest : rest.substring(0, question);
    int slash = location.indexOf('/');
    String authority = slash < 0 ? location : location.substring(0, slash);
    String path = slash < 0 ? "" : location.substring(slash + 1);
    if (path.contains("@")) {
      throw wrong("has a '/' before the '@': in a user or password it is written %2F");
    }
    int at = authority.lastIndexOf('@');
    String userInfo = at < 0 ? "" : authority.substring(0, at);
    String hosts = authority.substring(at + 1);
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? null : decode("password", userInfo.substring(colon + 1));
    return build(
        hosts,
        orElse(parameters.get("user"), decode("user", user)),
        parameters.containsKey("password") ? parameters.get("password") : password,
        orElse(parameters.get("dbname"), decode("database name", path)),
        parameters,
        jdbc);
  }

  /** A question mark in the user or password does not begin the parameters. */
  private static int questionAfterUser(String rest) {
    int question = rest.indexOf('?');
    int slash = rest.indexOf('/');
    int at = rest.lastIndexOf('@', slash < 0 ? rest.length() : slash);
    return question >= 0 && question < at ? rest.indexOf('?', at) : question;
  }

  private PostgresUrl build(
      String hosts,
      String user,
      @Nullable String password,
      String database,
      Map<String, String> parameters,
      boolean jdbc) {
    String realUser = user.isEmpty() ? System.getProperty("user.name", "postgres") : user;
    Map<String, String> options = new TreeMap<>(parameters);
    ADDRESS.forEach(options::remove);
    return new PostgresUrl(
        servers(hosts, parameters, jdbc),
        realUser,
        password == null || password.isEmpty() ? null : password,
        database.isEmpty() ? realUser : database,
        options);
  }

  private List<PostgresUrl.Server> servers(
      String authority, Map<String, String> parameters, boolean jdbc) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String part : authority.split(",", -1)) {
      int colon =
          part.startsWith("[") ? part.indexOf(':', part.indexOf(']') + 1) : part.indexOf(':');
      String host = colon < 0 ? part : part.substring(0, colon);
      if (host.startsWith("[") != host.endsWith("]")) {
        throw wrong("has an IPv6 address without its closing bracket");
      }
      hosts.add(decode("host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
      ports.add(colon < 0 ? "" : part.substring(colon + 1));
    }
    String hostParameter = parameters.get("host");
    if (hostParameter != null) {
      hosts = List.of(hostParameter.split(",", -1));
    }
    String portParameter = parameters.get("port");
    if (portParameter != null) {
      ports = List.of(portParameter.split(",", -1));
    }
    if (ports.size() != hosts.size() && ports.size() != 1) {
      throw wrong("names " + hosts.size() + " hosts but " + ports.size() + " ports");
    }
    List<PostgresUrl.Server> servers = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      String host = hosts.get(i);
      if (host.isEmpty() && !jdbc) {
        throw wrong("names no host");
      }
      servers.add(
          new PostgresUrl.Server(
              host.isEmpty() ? "localhost" : host, port(ports.get(ports.size() == 1 ? 0 : i))));
    }
    return servers;
  }

  private int port(String text) {
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    if (text.matches("\\d{1,5}")) {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    }
    throw wrong("has a port that is not a number from 1 to 65535");
  }

  private Map<String, String> parameters(String query, boolean jdbc) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw wrong("has a parameter without a value");
      }
      String name = decode("parameter", pair.substring(0, equals));
      String raw = pair.substring(equals + 1);
      String value = decode("parameter " + name, jdbc ? raw.replace('+', ' ') : raw);
      put(name, value, jdbc, parameters);
    }
    return parameters;
  }

  private void put(String name, String value, boolean jdbc, Map<String, String> parameters) {
    String jdbcName = jdbc ? PostgresOption.libpqNameOf(name) : null;
    if (ADDRESS.contains(name)) {
      parameters.put(name, value);
    } else if (jdbcName != null) {
      parameters.put(jdbcName, PostgresOption.of(jdbcName).fromJdbc(value));
    } else if (PostgresOption.isKnown(name)) {
      parameters.put(name, value);
    } else if (name.equals("ssl")) {
      parameters.putIfAbsent("sslmode", value.equals("false") ? "disable" : "verify-full");
    } else if (!IgnoredOptions.contains(name)) {
      throw wrong("has a parameter '" + name + "' that this tool does not know");
    }
  }

  private String decode(String part, String text) {
    return PercentCode.decode(text)
        .orElseThrow(
            () ->
                wrong(
                    "has a '%' in its "
                        + part
                        + " that is not followed by two hex digits: a percent sign is written %25"));
  }

  private static String orElse(@Nullable String value, String other) {
    return value == null ? other : value;
  }

  private DeployException.Usage wrong(String what) {
    return new DeployException.Usage(key + " " + what, FORM);
  }
}
