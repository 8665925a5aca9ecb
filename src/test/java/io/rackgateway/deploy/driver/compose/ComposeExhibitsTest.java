package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Docker's and Compose's answers become in a diagnosis. */
class ComposeExhibitsTest {

  private static final Instant NOW = Instant.parse("2026-01-15T03:20:00Z");

  private static final String INSPECTED =
      """
      [{"Id": "c1", "Name": "/prod-gateway-1", "Image": "sha256:new", "RestartCount": 4,
        "Config": {"Image": "acme/gw:v1.1.0",
          "Labels": {"com.docker.compose.service": "gateway", "com.docker.compose.oneoff": "False"},
          "Env": ["DOMAIN=gw.example.com", "APP_SECRET_KEY=planted-1", "EMPTY=",
                  "DATABASE_URL=postgres://app:planted-2@db/gw"]},
        "State": {"Status": "restarting", "ExitCode": 137, "OOMKilled": true,
          "StartedAt": "2026-01-15T03:19:00Z", "FinishedAt": "2026-01-15T03:19:01Z", "Error": "",
          "Health": {"Status": "unhealthy", "FailingStreak": 3, "Log": [
            {"End": "2026-01-15T03:19:30Z", "ExitCode": 7, "Output": "curl: (7) refused\\n"}]}}},
       {"Id": "d1", "Name": "/prod-db-1", "Image": "sha256:db", "RestartCount": 0,
        "Config": {"Image": "postgres:16", "Labels": {"com.docker.compose.service": "db"},
          "Env": ["POSTGRES_PASSWORD=planted-3"]},
        "State": {"Status": "running", "ExitCode": 0}}]
      """;

  @TempDir Path folder;
  private final ScriptedCommands commands = new ScriptedCommands();
  private final List<String> secrets = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    Files.writeString(
        folder.resolve("compose.yaml"), "services: {gateway: {image: 'acme/gw:v1.1.0'}}\n");
    commands
        .answer("docker compose version", 0, "2.39.1\n")
        .answer(
            "config --format json",
            0,
            "{\"name\": \"prod\", \"services\": {\"gateway\": {\"image\": \"acme/gw:v1.1.0\","
                + " \"environment\": {\"DOMAIN\": \"gw.example.com\"}}}}")
        .answer("docker ps", 0, "c1\nd1\n")
        .answer("docker container inspect", 0, INSPECTED);
  }

  private Compose compose() {
    return new Compose(
        new ComposeConfig(
            folder,
            "gateway",
            List.of(),
            null,
            ComposeConfig.ComposeTool.V2,
            Strategy.RECREATE,
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            null),
        commands,
        Events.none(),
        Map.of());
  }

  private String exhibit(String name) {
    return new ComposeExhibits(
            "gateway", new Docker(commands, Map.of()), compose(), Clock.fixed(NOW, ZoneOffset.UTC))
        .all(NOW.minusSeconds(3600), secrets::add).stream()
            .filter(exhibit -> exhibit.name().equals(name))
            .map(Exhibit::text)
            .findFirst()
            .orElseThrow()
            .get();
  }

  @Test
  void containersTellHowTheyFareAndWhy() {
    assertThat(exhibit("containers"))
        .contains("prod-gateway-1", "acme/gw:v1.1.0", "sha256:new")
        .contains("restarting, exit code 137, killed as memory ran out, restarted 4 times")
        .contains("unhealthy, failed 3 times in a row", "exit code 7: curl: (7) refused")
        .doesNotContain("prod-db-1");
  }

  @Test
  void variablesAreNamedAndTheirSecretsMadeKnownAlsoThoseOfOtherServices() throws Exception {
    Files.writeString(folder.resolve(".env"), "REGISTRY_PASSWORD='planted-4'\n");

    assertThat(exhibit("environment"))
        .contains("APP_SECRET_KEY", "DATABASE_URL", "DOMAIN", "EMPTY  empty")
        .doesNotContain("planted", "gw.example.com", "POSTGRES_PASSWORD");
    assertThat(secrets).contains("planted-1", "planted-2", "planted-3", "planted-4");
  }

  @Test
  void eventsAreAskedForSinceThenAndUntilNow() {
    commands.answer(
        "docker events",
        0,
        """
        1768447140 die prod-gateway-1 137
        1768447141 exec_create: curl localhost prod-gateway-1 <no value>
        1768447142 start prod-gateway-1 <no value>
        """);

    assertThat(exhibit("events"))
        .isEqualTo(
            "2026-01-15T03:19:00Z die prod-gateway-1 137\n"
                + "2026-01-15T03:19:02Z start prod-gateway-1 ");
    assertThat(commands.lines())
        .anyMatch(line -> line.contains("--since 1768443600 --until 1768447200"));
  }

  @Test
  void filesAreToldByTheirHash() {
    assertThat(exhibit("compose-files"))
        .contains("compose.yaml  sha256:", "service gateway names the image acme/gw:v1.1.0");
  }

  @Test
  void theEnginesClockIsCompared() {
    commands.answer(
        "docker info",
        0,
        "{\"ServerVersion\": \"28.0.0\", \"SystemTime\": \"2026-01-15T03:20:02Z\"}");

    assertThat(exhibit("engine")).contains("engine:  28.0.0", "2000 ms from this machine's");
  }

  @Test
  void ofLongLogsBothEndsAreRead() {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      log.append("2026-01-15T03:19:0").append(i).append("Z line ").append(i).append('\n');
    }
    commands.answer("docker logs --timestamps c1", 0, log.toString());
    commands.answer("docker logs --timestamps --tail 2 c1", 0, log.substring(log.length() - 56));

    List<LogExcerpt> excerpts =
        new ContainerExhibits("gateway", new Docker(commands, Map.of()), compose()).logs(2);

    LogExcerpt gateway =
        excerpts.stream()
            .filter(excerpt -> excerpt.instance().equals("prod-gateway-1"))
            .findFirst()
            .orElseThrow();
    assertThat(gateway.first())
        .containsExactly("2026-01-15T03:19:00Z line 0", "2026-01-15T03:19:01Z line 1");
    assertThat(gateway.last())
        .containsExactly("2026-01-15T03:19:08Z line 8", "2026-01-15T03:19:09Z line 9");
  }
}
