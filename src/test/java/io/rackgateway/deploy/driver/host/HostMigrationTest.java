package io.rackgateway.deploy.driver.host;

import static io.rackgateway.deploy.driver.host.HostFixture.NEW;
import static io.rackgateway.deploy.driver.host.HostFixture.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.demo.EmbeddedDatabase;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations run by the new release, on a real database, with the rights of the admin role. */
@Tag("postgres")
class HostMigrationTest {

  @TempDir static Path programs;
  @TempDir Path folder;
  @TempDir Path databaseFolder;
  private EmbeddedDatabase database;
  private HostFixture host;

  @BeforeEach
  void prepare() throws IOException {
    database = EmbeddedDatabase.start(databaseFolder.resolve("database"), programs);
    host = new HostFixture(folder);
    host.gatewayEnvironment.remove("GATEWAY_DATABASE");
    host.gatewayEnvironment.put("DATABASE_URL", database.appUrl());
    host.migrateEnvironment = Map.of("ADMIN_DATABASE_URL", new Secret(database.adminUrl()));
    host.migrate = true;
    host.release(OLD, 6, "none");
    Deployment first = host.deployment(OLD);
    host.run(first, Phase.MIGRATE);
    host.startCurrent();
    host.events.clear();
  }

  @AfterEach
  void end() {
    host.close();
    database.close();
  }

  @Test
  void theNewReleaseMigratesBesideTheOldOneAndReplacesIt() throws Exception {
    host.release(NEW, 8, "none");
    Deployment deployment = host.deployment(NEW);

    host.run(deployment, Phase.PREPARE, Phase.MIGRATE);
    assertThat(host.awaitVersion()).isEqualTo("1.0.0");
    assertThat(output()).anySatisfy(line -> assertThat(line).contains("Applied migration"));
    host.run(deployment, Phase.MIGRATE);
    assertThat(output().stream().filter(line -> line.contains("Applied migration")).count())
        .as("migrations applied in two runs")
        .isEqualTo(2);

    host.run(deployment, Phase.ROLLOUT);
    assertThat(host.awaitVersion()).isEqualTo("1.1.0");
  }

  @Test
  void aMigrationThatFailsIsShownAndTheOldVersionStays() throws Exception {
    host.release(NEW, 8, "migrate-fails");
    Deployment deployment = host.deployment(NEW);
    List<Long> before = host.pids();

    assertThatThrownBy(() -> host.upgrade(deployment))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> {
              assertThat(e.problem().summary())
                  .contains("the migrations of v1.1.0 failed with exit code 1")
                  .contains("no_such_table");
              assertThat(e.problem().toString()).doesNotContain(database.adminUrl());
            });
    host.run(deployment, Phase.ROLLBACK);

    assertThat(host.pids()).isEqualTo(before);
    assertThat(host.awaitVersion()).isEqualTo("1.0.0");
  }

  private List<String> output() {
    return host.events.stream()
        .filter(Event.Output.class::isInstance)
        .map(event -> ((Event.Output) event).line())
        .toList();
  }
}
