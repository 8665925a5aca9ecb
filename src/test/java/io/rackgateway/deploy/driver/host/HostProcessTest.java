package io.rackgateway.deploy.driver.host;

import static io.rackgateway.deploy.driver.host.HostFixture.NEW;
import static io.rackgateway.deploy.driver.host.HostFixture.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that the tool runs as a process of its own. The processes are real. */
class HostProcessTest {

  @TempDir Path folder;
  private HostFixture host;

  @BeforeEach
  void prepare() throws IOException {
    host = new HostFixture(folder);
  }

  @AfterEach
  void end() {
    host.close();
  }

  @Test
  void anUpgradeReplacesTheProcessAndTheLink() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);

    host.upgrade(deployment);

    assertThat(host.awaitVersion()).isEqualTo("1.1.0");
    Observation seen = host.driver().observe();
    assertThat(seen.knownVersion()).contains(NEW);
    assertThat(seen.reference()).isEqualTo("v1.1.0");
    assertThat(seen.instances())
        .singleElement()
        .satisfies(
            instance -> {
              assertThat(instance.state()).isEqualTo(Instance.State.RUNNING);
              assertThat(instance.reference()).isEqualTo("v1.1.0");
              assertThat(instance.image()).isEqualTo(host.place(NEW).toString());
            });
    assertThat(host.driver().resolve("v1.1.0")).contains(host.place(NEW).toString());
    assertThat(Files.readSymbolicLink(host.directory.resolve("current")))
        .isEqualTo(Path.of("releases/v1.1.0"));
    assertThat(host.directory.resolve("logs/v1.1.0.log")).content().contains("Server listening");
  }

  @Test
  void everyEffectMayBeRunAgain() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);
    for (Phase phase : List.of(Phase.PREPARE, Phase.MIGRATE, Phase.ROLLOUT)) {
      for (Effect effect : host.driver().effects(phase, deployment)) {
        effect.action().run();
        List<Long> before = host.pids();
        effect.action().run();
        assertThat(host.pids()).as("after %s twice", effect.name()).isEqualTo(before);
      }
    }
    List<Long> pids = host.pids();
    assertThat(pids).hasSize(1);
    host.upgrade(deployment);
    assertThat(host.pids()).as("after the whole upgrade twice").isEqualTo(pids);
  }

  @Test
  void aVersionThatCrashesFailsWithItsLogAndIsRolledBack() throws Exception {
    host.startCurrent();
    host.release(NEW, "crash-at-start");
    Deployment deployment = host.deployment(NEW);

    assertThatThrownBy(() -> host.upgrade(deployment))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e ->
                assertThat(e.problem().details())
                    .anySatisfy(line -> assertThat(line).contains("failed to load configuration")));
    assertThat(host.driver().failure()).isPresent();

    host.run(deployment, Phase.ROLLBACK);

    assertThat(host.awaitVersion()).isEqualTo("1.0.0");
    assertThat(host.driver().observe().knownVersion()).contains(OLD);
    assertThat(host.pids()).hasSize(1);
    assertThat(host.driver().failure()).isEmpty();
  }

  @Test
  void aRollbackWhereNothingChangedLeavesTheProcessAlone() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);
    List<Long> before = host.pids();

    host.run(deployment, Phase.ROLLBACK);

    assertThat(host.pids()).isEqualTo(before);
  }

  @Test
  void aRollbackStartsNothingThatDidNotRunBefore() throws Exception {
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);
    host.upgrade(deployment);
    assertThat(host.pids()).hasSize(1);

    host.run(deployment, Phase.ROLLBACK);

    assertThat(host.pids()).isEmpty();
    assertThat(host.driver().observe().knownVersion()).contains(OLD);
  }

  /** As after a kill between the start of the process and the note of its id. */
  @Test
  void aProcessThatWasNotNotedIsFoundAndNoSecondOneStarted() throws Exception {
    host.startCurrent();
    List<Long> before = host.pids();
    Path pidFile = host.directory.resolve("run/gateway.pid");
    Files.delete(pidFile);

    assertThat(host.pids()).isEqualTo(before);
    host.effect(host.deployment(OLD), Phase.ROLLOUT, "start").action().run();

    assertThat(host.pids()).isEqualTo(before);
    assertThat(Files.readAllLines(pidFile).get(0)).isEqualTo(before.get(0).toString());
  }

  @Test
  void anUnnotedOldProcessIsStoppedByTheUpgrade() throws Exception {
    host.startCurrent();
    long old = host.pids().get(0);
    Files.delete(host.directory.resolve("run/gateway.pid"));
    host.release(NEW, "none");

    host.upgrade(host.deployment(NEW));

    assertThat(Processes.alive(old)).isFalse();
    assertThat(host.awaitVersion()).isEqualTo("1.1.0");
  }

  /** Its process id has gone to a process that has nothing to do with the gateway. */
  @Test
  void aStalePidFileHarmsNobody() throws Exception {
    Process other = new ProcessBuilder("sleep", "300").start();
    try {
      Files.createDirectories(host.directory.resolve("run"));
      Files.writeString(
          host.directory.resolve("run/gateway.pid"),
          other.pid()
              + "\nstarted=2025-01-01T00:00:00Z\nrelease="
              + host.place(OLD)
              + "\nlog=none\noffset=0\n");
      assertThat(host.pids()).isEmpty();
      assertThat(host.driver().observe().instances())
          .singleElement()
          .satisfies(instance -> assertThat(instance.state()).isEqualTo(Instance.State.STOPPED));

      host.release(NEW, "none");
      host.upgrade(host.deployment(NEW));

      assertThat(other.isAlive()).isTrue();
      assertThat(host.awaitVersion()).isEqualTo("1.1.0");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void aGatewayThatIgnoresTheRequestToStopIsKilledAndItsChildrenWithIt() throws Exception {
    host.stopTimeout = Duration.ofMillis(500);
    script(OLD, "trap '' TERM\nsleep 300 &\nwhile :; do wait; done");
    Deployment start = host.deployment(OLD);
    host.effect(start, Phase.ROLLOUT, "start").action().run();
    host.effect(start, Phase.ROLLOUT, "await-start").action().run();
    script(NEW, "exec sleep 300");

    host.upgrade(host.deployment(NEW));

    assertThat(host.events)
        .anySatisfy(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        Event.Notice.class,
                        notice -> assertThat(notice.text()).contains("did not stop")));
    assertThat(host.driver().observe().instances())
        .singleElement()
        .satisfies(instance -> assertThat(instance.reference()).isEqualTo("v1.1.0"));
    assertThat(Processes.carrying(ProcessService.MARK + "=" + host.directory)).hasSize(1);
  }

  @Test
  void aPortThatIsTakenEndsTheStartAtOnceWithTheReason() throws Exception {
    try (ServerSocket taken = new ServerSocket(host.port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      Deployment deployment = host.deployment(OLD);
      host.effect(deployment, Phase.ROLLOUT, "start").action().run();
      Effect await = host.effect(deployment, Phase.ROLLOUT, "await-start");
      assertThatThrownBy(() -> await.action().run())
          .isInstanceOfSatisfying(
              DeployException.StepFailed.class,
              e ->
                  assertThat(e.problem().details())
                      .anySatisfy(line -> assertThat(line).contains("already in use")));
    }
  }

  @Test
  void theGatewayGetsItsEnvironmentFileAndNotTheEnvironmentOfTheTool() throws Exception {
    host.startCurrent();
    String environ = Files.readString(Path.of("/proc", host.pids().get(0).toString(), "environ"));
    List<String> names =
        List.of(environ.split("\0")).stream().map(entry -> entry.split("=", 2)[0]).toList();
    assertThat(names).contains("PORT", "GATEWAY_DATABASE", "PATH");
    assertThat(names)
        .isSubsetOf(
            "PORT",
            "GATEWAY_DATABASE",
            "RACK_GATEWAY_API_TOKEN",
            "RACK_GATEWAY_HOST_DIRECTORY",
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LC_ALL",
            "TZ",
            "TMPDIR",
            // The shell of the release's own script sets these.
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_");
  }

  @Test
  void logsAreThoseOfTheRunningProcessSinceAnInstant() throws Exception {
    host.startCurrent();
    assertThat(host.driver().logs(Instant.EPOCH))
        .anySatisfy(line -> assertThat(line).contains("Server listening"))
        .anySatisfy(line -> assertThat(line).contains("\"http_status\":200"));
    assertThat(host.driver().logs(Instant.now().plusSeconds(60))).isEmpty();
  }

  @Test
  void allLogsOfAStretchAreReadAlsoThoseOfTheVersionBefore() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    host.upgrade(host.deployment(NEW));
    host.awaitVersion();
    Map<String, String> starts = new HashMap<>();
    host.driver()
        .readLogs(
            Instant.now().minusSeconds(60),
            null,
            (instance, at, line) -> {
              if (line.contains("Starting rack-gateway")) {
                starts.put(instance, line.replaceFirst(".*Starting", "Starting"));
              }
            });

    assertThat(starts)
        .isEqualTo(
            Map.of(
                "an earlier process of v1.0.0",
                "Starting rack-gateway 1.0.0",
                host.driver().observe().instances().get(0).name(),
                "Starting rack-gateway 1.1.0"));
    host.driver()
        .readLogs(
            Instant.now().plusSeconds(60),
            null,
            (instance, at, line) -> fail("a line of the future: " + line));
  }

  @Test
  void theGatewayIsAskedOnThePortOfItsEnvironmentFile() throws Exception {
    host.startCurrent();

    assertThat(host.driver().askInside("/api/v1/health", Duration.ofSeconds(5)))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.instance())
                  .isEqualTo(host.driver().observe().instances().get(0).name());
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.body()).contains("\"service\":\"rack-gateway\"");
              assertThat(answer.problem()).isNull();
            });
  }

  @Test
  void stopFirstStopsBeforeTheMigrations() throws Exception {
    host.strategy = Strategy.STOP_FIRST;
    host.migrate = true;
    host.release(NEW, "none");
    assertThat(host.deployment(NEW).plan().steps())
        .extracting(step -> step.phase().label() + " " + step.name())
        .containsExactly(
            "prepare stage-release",
            "migrate stop",
            "migrate run-migrations",
            "rollout switch-link",
            "rollout start",
            "rollout await-start");
  }

  @Test
  void thePlanSaysWhatWillBeRunAndWhereItGoesBack() throws Exception {
    host.startCurrent();
    host.migrate = true;
    host.release(NEW, "none");
    var plan = host.deployment(NEW).plan();
    assertThat(plan.steps())
        .extracting(step -> step.name() + ": " + step.description())
        .containsExactly(
            "stage-release: check that " + host.place(NEW) + " is there",
            "run-migrations: run ./rack-gateway-api migrate in " + host.place(NEW),
            "switch-link: point " + host.directory.resolve("current") + " to " + host.place(NEW),
            "stop: stop the version that runs: SIGTERM, and SIGKILL after 20 s",
            "start: start the gateway: ./rack-gateway-api",
            "await-start: wait until it has been up for 1500 ms");
    assertThat(plan.fromImage()).isEqualTo(host.place(OLD).toString());
    assertThat(plan.rollbackRoute()).contains("releases/v1.0.0");
    assertThat(plan.blocks()).isEmpty();
  }

  @Test
  void whatIsWrongWithTheFolderIsSaidBeforeAnythingIsDone() throws Exception {
    assertThat(host.deployment(NEW).plan().blocks())
        .singleElement()
        .satisfies(
            gate -> assertThat(gate.evidence()).contains("v1.1.0 is not in " + host.place(NEW)));
    script(NEW, "true");
    Files.setPosixFilePermissions(
        host.place(NEW).resolve("rack-gateway-api"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(host.deployment(NEW).plan().blocks())
        .singleElement()
        .satisfies(gate -> assertThat(gate.evidence()).contains("no executable file"));

    Path link = host.directory.resolve("current");
    Files.delete(link);
    assertUsage("current does not exist");
    Files.createSymbolicLink(link, Path.of("releases/v0.0.1"));
    assertUsage("names releases/v0.0.1, which is not a folder");
    Files.delete(link);
    Files.createDirectory(link);
    assertUsage("current is not a symbolic link");
    host.strategy = Strategy.START_FIRST;
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("releases/v1.0.0"));
    assertThatThrownBy(() -> host.deployment(NEW))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("start-first");
  }

  private void assertUsage(String text) {
    assertThatThrownBy(() -> host.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining(text);
  }

  private void script(Version version, String text) throws IOException {
    Path program = host.place(version).resolve("rack-gateway-api");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
