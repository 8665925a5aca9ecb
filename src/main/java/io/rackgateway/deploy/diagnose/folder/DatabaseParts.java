package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Whether the database can be reached, as the gateway's user and as the one for backups. */
final class DatabaseParts {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration STATEMENT = Duration.ofSeconds(5);
  private static final Duration SKEW = Duration.ofSeconds(5);

  private static final String FACTS =
      """
      SELECT current_setting('server_version'),
             pg_size_pretty(pg_database_size(current_database())),
             (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
             (SELECT count(*) FROM pg_stat_activity),
             current_setting('max_connections')::int,
             pg_is_in_recovery(),
             current_setting('default_transaction_read_only'),
             clock_timestamp()
      """;

  private final Configuration configuration;
  private final Clock clock;
  private final Findings findings;

  DatabaseParts(Configuration configuration, Clock clock, Findings findings) {
    this.configuration = configuration;
    this.clock = clock;
    this.findings = findings;
  }

  List<Part> all() {
    return List.of(new Part("database", "Database", LIMIT, this::database));
  }

  private String database() {
    DatabaseConfig database = configuration.database();
    if (database == null) {
      return "no database is configured";
    }
    List<String> lines = new ArrayList<>(read("database.url", database.url()));
    Secret admin = database.adminUrl();
    if (admin != null) {
      lines.add("");
      lines.addAll(read("database.adminUrl", admin));
    }
    return String.join("\n", lines);
  }

  private List<String> read(String key, Secret url) {
    try {
      return read(key, new PostgresConnector(PostgresUrl.parse(key, url), STATEMENT));
    } catch (DeployException e) {
      findings.add(Findings.Rank.DATABASE, e.problem().summary());
      return List.of(key + ": " + e.problem().summary());
    }
  }

  private List<String> read(String key, PostgresConnector connector) {
    long start = System.nanoTime();
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FACTS)) {
      row.next();
      Instant now = clock.instant();
      Duration skew = Duration.between(now, row.getTimestamp(8).toInstant());
      if (skew.abs().compareTo(SKEW) > 0) {
        findings.add(
            Findings.Rank.SURROUNDINGS,
            "the database's clock is " + skew.toSeconds() + " s from this machine's");
      }
      if (row.getBoolean(6)) {
        findings.add(
            Findings.Rank.DATABASE,
            connector.url().display() + " is a standby, which takes no writes");
      }
      if (row.getInt(4) >= row.getInt(5) * 9 / 10) {
        findings.add(
            Findings.Rank.DATABASE,
            row.getInt(4) + " of the database's " + row.getInt(5) + " connections are taken");
      }
      return List.of(
          key + ": " + connector.url().display(),
          "  answers      after " + (System.nanoTime() - start) / 1_000_000 + " ms",
          "  PostgreSQL   " + row.getString(1) + (row.getBoolean(6) ? ", a standby" : ""),
          "  size         " + row.getString(2),
          "  connections  "
              + row.getInt(3)
              + " to it, "
              + row.getInt(4)
              + " of "
              + row.getInt(5)
              + " to the server",
          "  read only    " + row.getString(7),
          "  clock        " + skew.toMillis() + " ms from this machine's");
    } catch (SQLException e) {
      String failure = PostgresFailure.describe(connector.url(), e);
      findings.add(Findings.Rank.DATABASE, failure);
      return List.of(key + ": " + failure);
    }
  }
}
