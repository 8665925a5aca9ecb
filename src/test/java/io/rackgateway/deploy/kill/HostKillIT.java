package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.demo.EmbeddedDatabase;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.RunningGateway;
import io.rackgateway.deploy.testing.StandInProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kill")
@Tag("postgres")
class HostKillIT implements KillStory.Site {

  private static final String TOKEN = "rgw_kill_0123456789abcdef";

  @TempDir Path folder;

  private EmbeddedDatabase database;
  private int port;

  @BeforeEach
  void prepare() throws Exception {
    database = EmbeddedDatabase.start(folder.resolve("database"));
    port = StandInProcess.freePort();
    release("v1.0.0", 3, "none");
    release("v1.1.0", 5, "none");
    release("v1.2.0", 6, "crash-at-start");
    Files.writeString(
        gateway().resolve("gateway.env"),
        "PORT=%d%nRGW_DATABASE_URL=%s%nRACK_GATEWAY_API_TOKEN=%s%n"
            .formatted(port, database.appUrl(), TOKEN));
    Files.writeString(
        configuration(),
        """
        gateway:
          name: kill
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          host:
            directory: gateway
            command: [./rack-gateway-api]
            environmentFile: gateway/gateway.env
            startTime: 200ms
        backup: {pgDump: {}, prove: listed}
        database:
          url: ${DATABASE_URL}
          adminUrl: ${ADMIN_DATABASE_URL}
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(port));
    migrateFirstRelease();
    sql("CREATE DATABASE pristine TEMPLATE rack_gateway");
  }

  @AfterEach
  void stop() {
    stopGateways();
    database.close();
  }

  @Test
  void anUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.finishing(this, "v1.1.0");
    System.out.println("host: a good upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(25 / KillPoints.apart());
  }

  @Test
  void theUndoingOfABadUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.undoing(this, "v1.2.0");
    System.out.println("host: the undoing of a bad upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(10 / KillPoints.apart());
  }

  @Override
  public void reset() throws Exception {
    stopGateways();
    for (String left : List.of("backups", ".rack-gateway", "gateway/run", "gateway/logs")) {
      KillStory.delete(folder.resolve(left));
    }
    sql("DROP DATABASE rack_gateway WITH (FORCE)");
    sql("CREATE DATABASE rack_gateway TEMPLATE pristine");
    Path link = gateway().resolve("current");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("releases", "v1.0.0"));
    Files.createDirectories(gateway().resolve("run"));
    Files.createDirectories(gateway().resolve("logs"));
    ProcessBuilder first =
        new ProcessBuilder("./rack-gateway-api")
            .directory(link.toRealPath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(gateway().resolve("logs/v1.0.0.log").toFile());
    first.environment().put("PORT", Integer.toString(port));
    first.environment().put("RGW_DATABASE_URL", database.appUrl());
    first.environment().put("RACK_GATEWAY_API_TOKEN", TOKEN);
    Files.writeString(gateway().resolve("run/gateway.pid"), first.start().pid() + "\n");
    answering().awaitHealthy();
  }

  @Override
  public Path configuration() {
    return folder.resolve("rack-gateway.yml");
  }

  @Override
  public Path backups() {
    return folder.resolve("backups");
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "DATABASE_URL", database.appUrl(),
        "ADMIN_DATABASE_URL", database.adminUrl(),
        "RACK_GATEWAY_API_TOKEN", TOKEN);
  }

  @Override
  public String runningVersion() {
    return answering().version();
  }

  @Override
  public void assertClean(String version, String as) throws Exception {
    assertThat(gateways()).as("gateways; " + as).hasSize(1);
    assertThat(gateway().resolve("current").toRealPath().getFileName())
        .as(as)
        .hasToString("v" + version);
    assertThat(gateway().resolve(".rack-gateway-deploy/run.json")).as(as).doesNotExist();
    try (Stream<Path> releases = Files.list(gateway().resolve("releases"))) {
      assertThat(releases.map(path -> path.getFileName().toString()))
          .as(as)
          .containsExactlyInAnyOrder("v1.0.0", "v1.1.0", "v1.2.0");
    }
  }

  private Path gateway() {
    return folder.resolve("gateway");
  }

  private void release(String version, int migrations, String fault) {
    DemoRelease.of(Version.parse(version), migrations, fault)
        .writeTo(gateway().resolve("releases").resolve(version));
  }

  private void migrateFirstRelease() throws Exception {
    ProcessBuilder migrate =
        new ProcessBuilder("./rack-gateway-api", "migrate")
            .directory(gateway().resolve("releases/v1.0.0").toFile())
            .inheritIO();
    migrate.environment().putAll(environment());
    assertThat(migrate.start().waitFor()).isZero();
  }

  /** Every gateway of this site, however it was started: by the folder its process runs in. */
  private List<ProcessHandle> gateways() throws IOException {
    Path releases = gateway().resolve("releases").toRealPath();
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                return Path.of("/proc/" + process.pid() + "/cwd").toRealPath().startsWith(releases);
              } catch (IOException e) {
                return false;
              }
            })
        .toList();
  }

  private void stopGateways() {
    try {
      for (ProcessHandle process : gateways()) {
        process.destroyForcibly();
        process.onExit().join();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sql(String statement) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres";
    String[] login = URI.create(database.adminUrl()).getUserInfo().split(":", 2);
    try (Connection connection = DriverManager.getConnection(url, login[0], login[1]);
        Statement prepared = connection.createStatement()) {
      prepared.execute(statement);
    }
  }

  private RunningGateway answering() {
    return new RunningGateway(port, TOKEN);
  }
}
