package io.rackgateway.deploy.postgres;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A connection parameter that libpq and the JDBC driver both know, under their different names. */
enum PostgresOption {
  SSLMODE("PGSSLMODE", "sslmode"),
  SSLROOTCERT("PGSSLROOTCERT", "sslrootcert"),
  SSLCERT("PGSSLCERT", "sslcert"),
  SSLKEY("PGSSLKEY", "sslkey"),
  SSLNEGOTIATION("PGSSLNEGOTIATION", "sslNegotiation"),
  SSLCRL("PGSSLCRL", null),
  CONNECT_TIMEOUT("PGCONNECT_TIMEOUT", "connectTimeout"),
  APPLICATION_NAME("PGAPPNAME", "ApplicationName"),
  OPTIONS("PGOPTIONS", "options"),
  CLIENT_ENCODING("PGCLIENTENCODING", null),
  CHANNEL_BINDING("PGCHANNELBINDING", "channelBinding"),
  REQUIRE_AUTH("PGREQUIREAUTH", null),
  GSSENCMODE("PGGSSENCMODE", "gssEncMode"),
  KRBSRVNAME("PGKRBSRVNAME", "kerberosServerName"),
  TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS", "targetServerType");

  /** How the JDBC driver calls the kinds of servers; it has no read-write, which a primary is. */
  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private final String variable;
  private final @Nullable String jdbc;

  PostgresOption(String variable, @Nullable String jdbc) {
    this.variable = variable;
    this.jdbc = jdbc;
  }

  static PostgresOption of(String libpqName) {
    return valueOf(libpqName.toUpperCase(Locale.ROOT));
  }

  static boolean isKnown(String libpqName) {
    for (PostgresOption option : values()) {
      if (option.libpq().equals(libpqName)) {
        return true;
      }
    }
    return false;
  }

  /** The libpq name of a parameter that a JDBC URL calls otherwise; null when there is none. */
  static @Nullable String libpqNameOf(String jdbcName) {
    for (PostgresOption option : values()) {
      if (jdbcName.equals(option.jdbc)) {
        return option.libpq();
      }
    }
    return null;
  }

  /** The libpq value of a parameter's JDBC value. */
  String fromJdbc(String value) {
    if (this != TARGET_SESSION_ATTRS) {
      return value;
    }
    return SERVER_TYPES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value) && !entry.getKey().startsWith("read"))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(value);
  }

  String variable() {
    return variable;
  }

  void toJdbc(String value, Properties properties) {
    String name = jdbc;
    if (name == null) {
      return;
    }
    if (this == SSLROOTCERT && value.equals("system")) {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else if (this == TARGET_SESSION_ATTRS) {
      properties.setProperty(name, SERVER_TYPES.getOrDefault(value, value));
    } else {
      properties.setProperty(name, value);
    }
  }

  private String libpq() {
    return name().toLowerCase(Locale.ROOT);
  }
}
