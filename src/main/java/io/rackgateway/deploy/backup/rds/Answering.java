package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Finds out whether a database lets us in. */
@FunctionalInterface
interface Answering {

  /** Why it does not; empty when it does. */
  Optional<String> obstacle(PostgresUrl url);

  static Answering overJdbc() {
    return url -> {
      try (Connection connection = new PostgresConnector(url, Duration.ofSeconds(5)).connect()) {
        return connection.isValid(5) ? Optional.empty() : Optional.of("no answer");
      } catch (SQLException e) {
        return Optional.of(PostgresFailure.describe(url, e));
      }
    };
  }
}
