package io.rackgateway.deploy.demo;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What makes one release of the stand-in differ from another, and where it runs. A system property
 * of the same name (which a release folder's script sets) goes before the environment.
 */
record StandInSettings(Function<String, @Nullable String> lookup) {

  /** What a release of the stand-in does wrong, on purpose. */
  enum Fault {
    NONE,
    CRASH_AT_START,
    CRASH_AFTER_START,
    UNHEALTHY,
    WRONG_VERSION,
    MIGRATE_FAILS,
    LOG_ERRORS,
    SLOW_START,
    FLAPPING,
    ONE_UNHEALTHY,
    WRONG_LOGIN,
    OLD_VERSION
  }

  static StandInSettings of(Map<String, String> environment) {
    return new StandInSettings(
        name ->
            System.getProperty(name) == null ? environment.get(name) : System.getProperty(name));
  }

  String version() {
    return text("GATEWAY_VERSION", "0.1.0");
  }

  int migrations() {
    return Integer.parseInt(text("GATEWAY_MIGRATIONS", "6"));
  }

  Fault fault() {
    return Fault.valueOf(text("GATEWAY_FAULT", "none").toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  String host() {
    return text("HOST", "127.0.0.1");
  }

  int port() {
    return Integer.parseInt(text("PORT", "8080"));
  }

  String domain() {
    return text("DOMAIN", "gateway.example.com");
  }

  /** The token that the API accepts; empty when none is accepted. */
  String apiToken() {
    return text("RACK_GATEWAY_API_TOKEN", "");
  }

  boolean devMode() {
    return text("DEV_MODE", "false").equals("true");
  }

  /** True when the stand-in is to run without a database, which the gateway itself cannot. */
  boolean withoutDatabase() {
    return text("GATEWAY_DATABASE", "").equals("none");
  }

  /** The server's database URL, by the gateway's order of names; null when none is set. */
  @Nullable String databaseUrl() {
    return first("RGW_DATABASE_URL", "GATEWAY_DATABASE_URL", "DATABASE_URL");
  }

  /** The database URL of {@code migrate}, null when none is set. */
  @Nullable String adminDatabaseUrl() {
    return first("ADMIN_DATABASE_URL", "RGW_DATABASE_URL", "GATEWAY_DATABASE_URL", "DATABASE_URL");
  }

  private @Nullable String first(String... names) {
    for (String name : names) {
      String value = text(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return null;
  }

  private String text(String name, String orElse) {
    String value = lookup.apply(name);
    return value == null || value.isEmpty() ? orElse : value;
  }
}
