package io.rackgateway.deploy.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A small stand-in for the gateway's binary: the same subcommands, the same answers on the calls
 * that an upgrade looks at, the same migrations table and audit log. It authorises nobody but the
 * bearer of {@code RACK_GATEWAY_API_TOKEN}, and proxies nothing.
 *
 * <p>A release of it differs from another by {@code GATEWAY_VERSION} (without {@code v}), {@code
 * GATEWAY_MIGRATIONS} (how many it holds), and {@code GATEWAY_FAULT} (what it does wrong on
 * purpose): {@code crash-at-start}, {@code crash-after-start} (at the first request that is not for
 * its health), {@code unhealthy}, {@code wrong-version} (its API says {@code dev}), {@code
 * migrate-fails} (the last migration), {@code log-errors} (five requests a second that failed),
 * {@code slow-start} (3 seconds), {@code flapping} (every third answer about its health is bad),
 * {@code one-unhealthy} (of several at one database, one alone), {@code wrong-login} (comes back to
 * another domain), {@code old-version} (its API says 1.0.0). With {@code GATEWAY_DATABASE=none} it
 * runs without a database.
 */
public final class StandInGateway {

  private static final Duration SLOW_START = Duration.ofSeconds(3);

  private final StandInSettings settings;
  private final StandInLog log;

  private StandInGateway(StandInSettings settings, StandInLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** Runs the server, or the subcommand that the first argument names. */
  public static void main(String[] arguments) {
    StandInLog log = new StandInLog(System.out, System.err);
    int code = new StandInGateway(StandInSettings.of(System.getenv()), log).run(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  private int run(String[] arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    return switch (command) {
      case "" -> serve();
      case "migrate" ->
          arguments.length > 1
              ? fatal("'migrate' command does not accept arguments")
              : migrate(settings.adminDatabaseUrl());
      case "help" -> help();
      case "reset-db", "write-anchor" ->
          fatal("'" + command + "' is not part of this stand-in for the gateway");
      default -> fatal("unknown command: " + command);
    };
  }

  private int help() {
    System.out.println(
        "Usage: rack-gateway-api [command]\n\nWithout a command, runs the server.\n\n"
            + "  migrate   applies pending migrations\n  help      shows this");
    return 0;
  }

  private int migrate(@Nullable String url) {
    if (url == null) {
      return fatal("database: no URL is set (ADMIN_DATABASE_URL, DATABASE_URL)");
    }
    try (Connection connection = new StandInDatabase(url).connect()) {
      new StandInMigrations(
              log, settings.migrations(), settings.fault() == StandInSettings.Fault.MIGRATE_FAILS)
          .apply(connection);
      return 0;
    } catch (SQLException e) {
      return fatal("failed to run migrations: " + e.getMessage());
    }
  }

  private int serve() {
    log.line("Starting rack-gateway " + settings.version());
    if (settings.fault() == StandInSettings.Fault.CRASH_AT_START) {
      return fatal("failed to load configuration: APP_SECRET_KEY must be 32 bytes");
    }
    if (settings.fault() == StandInSettings.Fault.SLOW_START) {
      letPass(SLOW_START);
    }
    StandInDatabase database = null;
    if (!settings.withoutDatabase()) {
      String url = settings.databaseUrl();
      if (url == null) {
        return fatal("failed to initialize database: DATABASE_URL is not set");
      }
      if (settings.devMode() && migrate(settings.adminDatabaseUrl()) != 0) {
        return 1;
      }
      database = new StandInDatabase(url);
      try {
        database.open();
      } catch (SQLException e) {
        return fatal("failed to initialize database: " + e.getMessage());
      }
    }
    try {
      new StandInServer(settings, log, database).start();
    } catch (IOException e) {
      return fatal("listen tcp " + settings.host() + ":" + settings.port() + ": " + e.getMessage());
    }
    return 0;
  }

  private static void letPass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private int fatal(String message) {
    log.line(message);
    return 1;
  }
}
