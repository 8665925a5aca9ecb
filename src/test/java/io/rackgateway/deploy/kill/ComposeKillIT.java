package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.DockerFixture;
import io.rackgateway.deploy.testing.GatewayImages;
import io.rackgateway.deploy.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kill")
@Tag("docker")
@Tag("composev2")
@Tag("postgres")
class ComposeKillIT implements KillStory.Site {

  private static final String TOKEN = "rgw_kill_0123456789abcdef";
  private static final String PASSWORD = "kill-database-password";

  @TempDir Path folder;

  private DockerFixture docker;
  private int gatewayPort;
  private int databasePort;

  @BeforeEach
  void prepare() throws Exception {
    docker = new DockerFixture(Files.createDirectory(folder.resolve("fixture")));
    gatewayPort = DockerFixture.freePort();
    databasePort = DockerFixture.freePort();
    image("v1.0.0", 3, "none");
    image("v1.1.0", 5, "none");
    image("v1.2.0", 6, "crash-at-start");
    Files.createDirectories(project());
    Files.writeString(
        configuration(),
        """
        gateway:
          name: kill
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        image: %s
        deploy:
          compose: {directory: project, tool: v2, startTimeout: 20s, stopTimeout: 2s}
        backup: {pgDump: {}, prove: listed}
        database:
          url: ${DATABASE_URL}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(gatewayPort, docker.repository()));
    writeProject();
    docker.docker("compose", "-f", manifest(), "-p", docker.name(), "up", "-d", "db");
    psqlWhenReady("SELECT 1");
    docker.docker(
        "compose",
        "-f",
        manifest(),
        "-p",
        docker.name(),
        "run",
        "--rm",
        "-T",
        "gateway",
        "./rack-gateway-api",
        "migrate");
    psqlWhenReady("CREATE DATABASE pristine TEMPLATE gateway");
  }

  @AfterEach
  void stop() {
    docker.close();
  }

  @Test
  void anUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.finishing(this, "v1.1.0");
    System.out.println("compose: a good upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(25 / KillPoints.apart());
  }

  @Test
  void theUndoingOfABadUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.undoing(this, "v1.2.0");
    System.out.println("compose: the undoing of a bad upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(10 / KillPoints.apart());
  }

  @Override
  public void reset() throws Exception {
    for (String id : containers("gateway")) {
      docker.docker("rm", "-f", id);
    }
    for (String left : List.of("backups", ".rack-gateway")) {
      KillStory.delete(folder.resolve(left));
    }
    psqlWhenReady("DROP DATABASE gateway WITH (FORCE)");
    psqlWhenReady("CREATE DATABASE gateway TEMPLATE pristine");
    writeProject();
    docker.docker(
        "compose", "-f", manifest(), "-p", docker.name(), "up", "-d", "--no-deps", "gateway");
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
    Map<String, String> all = new LinkedHashMap<>(docker.environment());
    all.put("COMPOSE_PROJECT_NAME", docker.name());
    all.put(
        "DATABASE_URL",
        "postgres://rgw:" + PASSWORD + "@127.0.0.1:" + databasePort + "/gateway?sslmode=disable");
    all.put("RACK_GATEWAY_API_TOKEN", TOKEN);
    return all;
  }

  @Override
  public String runningVersion() {
    return answering().version();
  }

  @Override
  public void assertClean(String version, String as) throws Exception {
    assertThat(containers("gateway")).as("gateways; " + as).hasSize(1);
    assertThat(
            docker.docker(
                "ps", "-a", "--filter", "name=rack-gateway-deploy-" + docker.name(), "-q"))
        .as("marks; " + as)
        .isEmpty();
    assertThat(
            docker.docker(
                "ps",
                "-aq",
                "--filter",
                "label=com.docker.compose.project=" + docker.name(),
                "--filter",
                "label=com.docker.compose.oneoff=True"))
        .as("migration containers; " + as)
        .isEmpty();
    assertThat(Files.readString(Path.of(manifest()))).as(as).isEqualTo(project("v" + version));
    try (Stream<Path> files = Files.list(project())) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .as(as)
          .containsExactly("compose.yaml");
    }
  }

  private Path project() {
    return folder.resolve("project");
  }

  private String manifest() {
    return project().resolve("compose.yaml").toString();
  }

  private void writeProject() throws IOException {
    Files.writeString(Path.of(manifest()), project("v1.0.0"));
  }

  private String project(String tag) {
    return """
        # A gateway and its database.
        services:
          db:
            image: %s
            environment: {POSTGRES_USER: rgw, POSTGRES_PASSWORD: %s, POSTGRES_DB: gateway}
            ports: ["127.0.0.1:%d:5432"]
          gateway:
            image: %s:%s # the one line that changes
            environment:
              RGW_DATABASE_URL: postgres://rgw:%s@db:5432/gateway?sslmode=disable
              RACK_GATEWAY_API_TOKEN: %s
            ports: ["127.0.0.1:%d:8080"]
        """
        .formatted(
            System.getenv("RGD_TEST_POSTGRES_IMAGE"),
            PASSWORD,
            databasePort,
            docker.repository(),
            tag,
            PASSWORD,
            TOKEN,
            gatewayPort);
  }

  private void image(String version, int migrations, String fault) throws Exception {
    GatewayImages.build(
        DemoRelease.of(Version.parse(version), migrations, fault),
        System.getenv("RGD_TEST_JRE_IMAGE"),
        docker.repository() + ":" + version,
        Files.createDirectory(folder.resolve("image-" + version)));
  }

  private List<String> containers(String service) {
    return docker
        .docker(
            "ps",
            "-aq",
            "--filter",
            "label=com.docker.compose.project=" + docker.name(),
            "--filter",
            "label=com.docker.compose.service=" + service)
        .lines()
        .toList();
  }

  /** The database server restarts once while it sets itself up. */
  private void psqlWhenReady(String statement) throws Exception {
    for (int i = 0; ; i++) {
      ProcessBuilder psql =
          new ProcessBuilder("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      psql.environment().put("PGHOST", "127.0.0.1");
      psql.environment().put("PGPORT", Integer.toString(databasePort));
      psql.environment().put("PGUSER", "rgw");
      psql.environment().put("PGPASSWORD", PASSWORD);
      psql.environment().put("PGDATABASE", "postgres");
      if (psql.start().waitFor() == 0) {
        return;
      }
      assertThat(i).as("tries of " + statement).isLessThan(200);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private RunningGateway answering() {
    return new RunningGateway(gatewayPort, TOKEN);
  }
}
