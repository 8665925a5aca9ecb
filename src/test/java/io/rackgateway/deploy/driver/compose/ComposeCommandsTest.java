package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.ComposeConfig.ComposeTool;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact words that go to Docker and Compose. */
class ComposeCommandsTest {

  private static final String PS =
      "docker ps --all --quiet --no-trunc --filter label=com.docker.compose.project=prod"
          + " --filter label=com.docker.compose.service=gateway"
          + " --filter label=com.docker.compose.oneoff=False";
  private static final String INSPECTED =
      """
      [{"Id": "c1", "Name": "/prod-gateway-1", "Image": "sha256:old", "RestartCount": 0,
        "Config": {"Image": "acme/gw:v1.0.0", "Labels": {}},
        "State": {"Status": "running", "ExitCode": 0, "StartedAt": "2026-01-01T00:00:00Z"}}]
      """;

  @TempDir Path folder;
  private final ScriptedCommands commands = new ScriptedCommands();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private ComposeTool tool = ComposeTool.AUTO;
  private Strategy strategy = Strategy.RECREATE;

  @BeforeEach
  void prepare() throws IOException {
    file("compose.yaml", "services: {gateway: {image: 'acme/gw:v1.0.0'}}\n");
    commands
        .answer("docker version", 0, "28.0.0\n")
        .answer("docker compose version", 0, "2.39.1\n")
        .answer("docker-compose version", 0, "1.29.2\n")
        .answer(
            "config --format json",
            0,
            "{\"name\": \"prod\", \"services\": {\"gateway\": {\"image\": \"acme/gw:v1.0.0\"}}}")
        .answer(
            "docker-compose -f compose.yaml config",
            0,
            "services: {gateway: {image: 'acme/gw:v1.0.0'}}")
        .answer("docker ps", 0, "c1\n")
        .answer("docker container inspect c1", 0, INSPECTED);
  }

  private void file(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private ComposeConfig config() {
    return new ComposeConfig(
        folder,
        "gateway",
        List.of(),
        null,
        tool,
        strategy,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        "db");
  }

  private MigrateConfig migrate() {
    return new MigrateConfig(
        true,
        List.of("./rack-gateway-api", "migrate"),
        Map.of("ADMIN_DATABASE_URL", new Secret("postgres://admin:hush@db/app")),
        Duration.ofMinutes(30));
  }

  private ComposeDriver driver() {
    return new ComposeDriver(
        config(),
        migrate(),
        "docker.io/acme/gw",
        DatabaseVariables.USUAL,
        commands,
        new Waits(Clock.systemUTC(), new Cancellation(), Events.none()),
        Events.none(),
        environment);
  }

  private List<String> steps() {
    ComposeDriver driver = driver();
    Observation observed = driver.observe();
    DriverPlan plan = driver.plan(observed, new Target(Version.parse("v1.1.0"), null, true));
    return plan.steps().stream().map(PlannedStep::description).toList();
  }

  @Test
  void observingWithComposeV2() {
    driver().observe();

    assertThat(commands.lines())
        .containsExactly(
            "docker compose version --short",
            "docker compose -f compose.yaml config --format json",
            PS,
            "docker container inspect c1");
    assertThat(commands.commands.get(1).directory()).isEqualTo(folder);
  }

  @Test
  void theSchemaIsReadInTheContainerOfTheDatabase() {
    commands.answer("exec -T db sh -c", 0, "20250106093000\n20250113093000\n");

    assertThat(driver().schema().applied()).containsExactly("20250106093000", "20250113093000");

    commands.answer("exec -T db sh -c", 1, "service \"db\" is not running");
    assertThat(driver().schema().unknown())
        .isEqualTo("service db was asked: service \"db\" is not running");
  }

  @Test
  void observingWithComposeV1() {
    tool = ComposeTool.V1;
    environment.put("COMPOSE_PROJECT_NAME", "Prod!");

    driver().observe();

    assertThat(commands.lines())
        .containsExactly(
            "docker-compose version --short",
            "docker-compose -f compose.yaml config",
            PS,
            "docker container inspect c1");
  }

  @Test
  void aPlanTellsTheCommandsOfComposeV2() {
    assertThat(steps())
        .containsExactly(
            "fetch the new image: docker pull acme/gw:v1.1.0",
            "run './rack-gateway-api migrate' with the new image in a container of its own"
                + " (OVERRIDE names the image): docker compose -f compose.yaml -f OVERRIDE run -d -T"
                + " --no-deps --name rgd-RUN-migrate --entrypoint ./rack-gateway-api"
                + " -e ADMIN_DATABASE_URL gateway migrate",
            "change line 1 of "
                + folder.resolve("compose.yaml")
                + ": 'acme/gw:v1.0.0' becomes 'acme/gw:v1.1.0'",
            "replace the old version: docker compose -f compose.yaml up -d --no-deps --no-build"
                + " --pull never --timeout 10 --scale gateway=1 gateway",
            "wait until the container is healthy, or running where there is no health check;"
                + " at most 120 s");
  }

  @Test
  void aPlanTellsTheCommandsOfComposeV1() {
    tool = ComposeTool.V1;
    strategy = Strategy.STOP_FIRST;

    assertThat(steps())
        .contains(
            "stop the old version: docker-compose -f compose.yaml stop -t 10 gateway",
            "replace the old version: docker stop -t 10 OLD, docker rm --force OLD,"
                + " docker-compose -f compose.yaml up -d --no-deps --no-build --no-recreate"
                + " --timeout 10 --scale gateway=1 gateway");
  }

  @Test
  void aPlanTellsTheCommandsOfStartFirst() {
    strategy = Strategy.START_FIRST;

    assertThat(steps())
        .contains(
            "start 1 new beside the old: docker compose -f compose.yaml up -d --no-deps --no-build"
                + " --pull never --no-recreate --timeout 10 --scale gateway=2 gateway",
            "after 2000 ms for proxies, stop and remove the old: docker stop -t 10 OLD,"
                + " docker rm --force OLD");
  }

  @Test
  void secretsTravelInTheEnvironmentOnly() {
    Compose compose = new Compose(config(), commands, Events.none(), environment);
    Docker docker = new Docker(commands, environment);

    Command command =
        new Migration(config(), migrate(), compose, docker, commands, Events.none())
            .command("20260115-031500-7f3a9c", Path.of("override.yml"));

    assertThat(command.display()).contains("-e ADMIN_DATABASE_URL gateway").doesNotContain("hush");
    assertThat(command.environment())
        .containsEntry("ADMIN_DATABASE_URL", "postgres://admin:hush@db/app");
  }

  @Test
  void overridesAndVariablesDecideOnTheFiles() throws IOException {
    file("compose.override.yaml", "services: {}\n");
    assertThat(filesOf(false)).containsExactly("compose.yaml", "compose.override.yaml");

    file("docker-compose.yml", "services: {}\n");
    assertThat(filesOf(false)).containsExactly("compose.yaml", "compose.override.yaml");
    assertThat(filesOf(true)).containsExactly("docker-compose.yml", "compose.override.yaml");

    file(".env", "COMPOSE_FILE=compose.yaml:docker-compose.yml\n");
    assertThat(filesOf(false)).containsExactly("compose.yaml", "docker-compose.yml");

    environment.put("COMPOSE_FILE", "docker-compose.yml;compose.yaml");
    environment.put("COMPOSE_PATH_SEPARATOR", ";");
    assertThat(filesOf(false)).containsExactly("docker-compose.yml", "compose.yaml");

    environment.put("COMPOSE_FILE", "gone.yml");
    assertThatThrownBy(() -> filesOf(false))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("'gone.yml' that COMPOSE_FILE names");
  }

  private List<String> filesOf(boolean legacy) {
    return ComposeFiles.find(config(), environment, legacy).names();
  }

  @Test
  void aFolderWithoutComposeFileIsTold() throws IOException {
    Files.delete(folder.resolve("compose.yaml"));

    assertThatThrownBy(() -> driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("no Compose file in " + folder);
  }

  @Test
  void dockerThatDoesNotAnswerIsTold() {
    environment.put("DOCKER_HOST", "tcp://127.0.0.1:1");
    String answer = "Cannot connect to the Docker daemon. Is it running?";
    commands.answer("docker version", 1, answer).answer("docker ps", 1, answer);

    assertThatThrownBy(() -> driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("tcp://127.0.0.1:1")
        .hasMessageContaining("Cannot connect to the Docker daemon");
  }

  @Test
  void composeThatIsMissingIsTold() {
    commands.answer("version --short", 1, "docker: 'compose' is not a docker command.");
    commands.answer("docker compose version", 1, "").answer("docker-compose version", 1, "");

    assertThatThrownBy(() -> driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("neither 'docker compose' nor 'docker-compose' works");
  }

  @Test
  void theOldNameMayBeTheNewCompose() {
    commands.answer("docker compose version", 1, "").answer("docker-compose version", 0, "v2.39.1");
    commands.answer(
        "docker-compose -f compose.yaml config --format json",
        0,
        "{\"name\": \"prod\", \"services\": {\"gateway\": {\"image\": \"acme/gw:v1.0.0\"}}}");

    driver().observe();

    assertThat(commands.lines()).contains("docker-compose -f compose.yaml config --format json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error response from daemon: driver failed programming external connectivity on endpoint x"
            + " (2491): Bind for 127.0.0.1:8080 failed: port is already allocated",
        "Error response from daemon: failed to set up container networking: failed to bind host"
            + " port for 127.0.0.1:8080:172.18.0.2:8080/tcp: address already in use",
        "Error response from daemon: failed to bind host port 127.0.0.1:8080/tcp: address already"
            + " in use",
        "Error: Ports are not available: exposing port TCP 127.0.0.1:8080 -> 0.0.0.0:0: listen tcp"
            + " 127.0.0.1:8080: bind: address already in use",
        "Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use",
      })
  void aTakenPortIsNamedHoweverDockerPutsIt(String words) {
    commands.answer(" up -d", 1, "Container prod-gateway-1 Starting\n" + words);
    commands.answer("--filter publish=8080", 0, "web-1\n");
    Compose compose = new Compose(config(), commands, Events.none(), environment);

    assertThatThrownBy(
            () -> new ComposeUp(compose, config(), new Docker(commands, environment)).run(true, 1))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage(
            "service gateway cannot be started: port 127.0.0.1:8080 is taken by container web-1");
  }

  @Test
  void portsOfEitherComposeAreUnderstood() {
    assertThat(obstacles(Map.of("ports", List.of(Map.of("target", 8080, "published", "80")))))
        .containsExactly("it publishes the host port 80");
    assertThat(obstacles(Map.of("ports", List.of("127.0.0.1:80:8080/tcp"))))
        .containsExactly("it publishes the host port 127.0.0.1:80");
    assertThat(obstacles(Map.of("ports", List.of("8000-8001:8080/tcp")))).isEmpty();
    assertThat(obstacles(Map.of("ports", List.of(Map.of("target", 8080), "8080/tcp", "8080"))))
        .isEmpty();
    assertThat(obstacles(Map.of("network_mode", "host"))).hasSize(1);
    assertThat(obstacles(Map.of("networks", Map.of("n", Map.of("ipv4_address", "10.0.0.2")))))
        .hasSize(1);
  }

  private static List<String> obstacles(Map<String, ?> service) {
    return ServiceModel.of(service).obstaclesTo(2);
  }
}
