package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.RdsConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.testing.RdsStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Snapshots at a stand-in, as tests want them. */
final class Rds {

  static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  static final Instant NOW = Instant.parse("2026-01-15T03:15:01Z");
  static final Request REQUEST = new Request(RUN, "production", Version.parse("v1.1.0"));
  static final String ID = "rack-gateway-pre-upgrade-20260115-031500-7f3a9c";
  static final DatabaseConfig DATABASE =
      new DatabaseConfig(
          new Secret("postgresql://app:app-password@gateway.db.test:5432/gateway"),
          new Secret("postgresql://admin:p%40ss@gateway.db.test:5432/gateway?sslmode=require"));

  private final RdsStandIn standIn;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Cancellation cancellation = new Cancellation();

  /** Long: tests end by what happens, the few about the limit set their own. */
  Duration timeout = Duration.ofMinutes(5);

  String instance = "gateway";
  String cluster;
  String role;
  DatabaseConfig database = DATABASE;
  Optional<PostgresUrl.Server> replacement = Optional.empty();
  Answering answering = url -> Optional.empty();
  AwsCredentialsProvider credentials =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAFROMCHAIN", "secret"));
  Consumer<Event> onEvent = event -> {};

  Rds(RdsStandIn standIn) {
    this.standIn = standIn;
  }

  Rds ofCluster(String name) {
    instance = null;
    cluster = name;
    return this;
  }

  Waits waits() {
    return new Waits(
        Clock.fixed(NOW, ZoneOffset.UTC),
        cancellation,
        event -> {
          events.add(event);
          onEvent.accept(event);
        });
  }

  RdsSnapshots snapshots() {
    RdsConfig config =
        new RdsConfig(
            instance, cluster, "eu-west-1", role, standIn.endpoint(), timeout, Path.of("deltas"));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Waits waits = waits();
    return new RdsSnapshots(
        config,
        database,
        servers -> replacement,
        "0.1.0",
        waits,
        events::add,
        new RdsApi(new RdsClients(config, () -> credentials, standIn.endpoint()), clock),
        answering,
        Duration.ofMillis(5));
  }
}
