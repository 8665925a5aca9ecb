package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.model.DeployException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of Docker for logs and for answers from inside, and what its answers become. */
class ComposeLogsTest {

  private static final Instant NOW = Instant.parse("2026-01-15T03:20:00Z");
  private static final Instant SINCE = Instant.parse("2026-01-15T03:15:00Z");

  private final ScriptedCommands commands =
      new ScriptedCommands()
          .answer("docker ps", 0, "prod-gateway-2 c2\nprod-gateway-1 c1\n")
          .answer("docker info", 0, "2026-01-15T03:20:00.4Z\n")
          .answer("docker logs", 0, "");
  private final List<String> read = new ArrayList<>();

  @Test
  void everyContainerOfTheServiceIsReadAlsoThoseThatEnded() {
    commands
        .answer(
            " c1",
            0,
            """
            2026-01-15T03:15:01.5Z 2026/01/15 03:15:01 listening
            2026-01-15T03:15:02.000000001Z
            """)
        .answer(" c2", 0, "2026-01-15T03:16:00Z panic: no\n");

    read(SINCE, NOW);

    assertThat(read)
        .containsExactly(
            "prod-gateway-1 2026-01-15T03:15:01.500Z 2026/01/15 03:15:01 listening",
            "prod-gateway-1 2026-01-15T03:15:02.000000001Z ",
            "prod-gateway-2 2026-01-15T03:16:00Z panic: no");
    assertThat(commands.lines())
        .contains(
            "docker ps --all --no-trunc --format '{{.Names}} {{.ID}}' --filter"
                + " label=com.docker.compose.project=prod --filter"
                + " label=com.docker.compose.service=gateway",
            "docker logs --timestamps --since 2026-01-15T03:15:00Z --until 2026-01-15T03:20:00Z c1");
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600, -3_600, 40})
  void anEngineWhoseClockDiffersIsAskedByItsOwnAndTellsByOurs(long ahead) {
    commands
        .answer("docker info", 0, NOW.plusSeconds(ahead) + "\n")
        .answer(" c1", 0, SINCE.plusSeconds(ahead + 7) + " line\n");

    read(SINCE, null);

    assertThat(commands.lines())
        .contains("docker logs --timestamps --since " + SINCE.plusSeconds(ahead) + " c1");
    assertThat(read).containsExactly("prod-gateway-1 " + SINCE.plusSeconds(7) + " line");
  }

  @Test
  void aLogThatBreaksOffIsToldAfterWhatCameUntilThen() {
    commands.answer(" c1", 1, "2026-01-15T03:15:01Z line\nerror from daemon in stream: EOF\n");

    assertThatThrownBy(() -> read(SINCE, null))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage(
            "the log of container prod-gateway-1 broke off: error from daemon in stream: EOF");
    assertThat(read).containsExactly("prod-gateway-1 2026-01-15T03:15:01Z line");
  }

  @Test
  void aContainerThatIsRemovedMeanwhileHasNoLog() {
    commands.answer(" c1", 1, "Error response from daemon: No such container: c1\n");

    read(SINCE, null);

    assertThat(read).isEmpty();
  }

  @Test
  void eachContainerIsAskedFromInsideOnItsOwnPort() {
    commands
        .answer("docker exec c1", 0, "{\"status\":\"ok\"}\nHTTP/status 200")
        .answer("docker exec c2", 0, "no\nHTTP/status 503")
        .answer("docker exec c3", 7, "curl: (7) Failed to connect\n\nHTTP/status 000")
        .answer("docker exec c4", 127, "");

    assertThat(ask("c1", "c2", "c3", "c4"))
        .containsExactly(
            new InsideAnswer("gateway-c1", 200, "{\"status\":\"ok\"}", null),
            new InsideAnswer("gateway-c2", 503, "no", null),
            new InsideAnswer("gateway-c3", 0, "", "curl: (7) Failed to connect"));
    assertThat(commands.lines())
        .anySatisfy(line -> assertThat(line).endsWith(" sh /api/v1/health 5"));
  }

  @Test
  void wgetTellsTheStatusAmongTheHeaders() {
    commands
        .answer("docker exec c1", 0, "  HTTP/1.1 200 OK\n  Date: today\nbody")
        .answer("docker exec c2", 1, "  HTTP/1.1 503 Service Unavailable\nwget: server returned");

    assertThat(ask("c1", "c2")).extracting(InsideAnswer::status).containsExactly(200, 503);
  }

  private List<InsideAnswer> ask(String... ids) {
    return new InsideContainers(commands)
        .ask(
            List.of(ids).stream().map(ComposeLogsTest::container).toList(),
            "/api/v1/health",
            Duration.ofSeconds(5));
  }

  private static Container container(String id) {
    return new Container(
        id, "gateway-" + id, "i", "r", "running", null, null, 0, "", 0, Instant.EPOCH, Map.of());
  }

  private void read(Instant since, Instant until) {
    Docker docker = new Docker(commands, Map.of());
    EngineClock engine = new EngineClock(docker, Clock.fixed(NOW, ZoneOffset.UTC));
    new ServiceLogs(docker, commands, new GatewayService("gateway", docker, () -> "prod"), engine)
        .read(since, until, (instance, at, line) -> read.add(instance + " " + at + " " + line));
  }
}
