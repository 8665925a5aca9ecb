package io.rackgateway.deploy.driver.host;

import static io.rackgateway.deploy.driver.host.HostFixture.NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that scripts of the user's start and stop. */
class HostCommandsTest {

  @TempDir Path folder;
  @TempDir Path scripts;
  private HostFixture host;

  @BeforeEach
  void prepare() throws IOException {
    host = new HostFixture(folder);
    host.command = null;
    host.pidFile = scripts.resolve("pid");
    host.log = scripts.resolve("log");
    host.start =
        script(
            "start",
            "set -a; . '%s/gateway.env'; set +a\n./rack-gateway-api >>'%s' 2>&1 &\necho $! >'%s'"
                .formatted(host.directory, host.log, host.pidFile));
    host.stop = script("stop", "kill $(cat '%s')".formatted(host.pidFile));
  }

  @AfterEach
  void end() {
    host.close();
  }

  @Test
  void anUpgradeRunsTheCommandsInTheReleaseThatIsCurrent() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);

    host.upgrade(deployment);

    assertThat(host.awaitVersion()).isEqualTo("1.1.0");
    List<Long> pids = host.pids();
    assertThat(pids).hasSize(1);
    host.upgrade(deployment);
    assertThat(host.pids()).isEqualTo(pids);
    assertThat(host.driver().logs(Instant.EPOCH))
        .anySatisfy(line -> assertThat(line).contains("Starting rack-gateway 1.1.0"));
    List<String> started = new ArrayList<>();
    host.driver()
        .readLogs(
            Instant.now().minusSeconds(60),
            null,
            (instance, at, line) -> {
              if (line.contains("Starting")) {
                started.add(instance + line.replaceFirst(".*Starting rack-gateway", ""));
              }
            });
    assertThat(started)
        .containsExactly("before the last start 1.0.0", "process " + pids.get(0) + " 1.1.0");
  }

  @Test
  void aVersionThatCrashesIsRolledBack() throws Exception {
    host.startCurrent();
    host.release(NEW, "crash-at-start");
    Deployment deployment = host.deployment(NEW);
    assertThatThrownBy(() -> host.upgrade(deployment))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e ->
                assertThat(e.problem().details())
                    .anySatisfy(line -> assertThat(line).contains("failed to load configuration")));
    host.run(deployment, Phase.ROLLBACK);
    assertThat(host.awaitVersion()).isEqualTo("1.0.0");
  }

  @Test
  void aStartCommandThatFailsIsShownWithWhatItSaid() throws Exception {
    host.start = script("start", "echo the disk is full; exit 3");
    Deployment deployment = host.deployment(HostFixture.OLD);
    assertThatThrownBy(() -> host.effect(deployment, Phase.ROLLOUT, "start").action().run())
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> {
              assertThat(e.problem().summary()).contains("exit code 3");
              assertThat(e.problem().details()).containsExactly("the disk is full");
            });
  }

  private List<String> script(String name, String text) throws IOException {
    Path file = scripts.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return List.of(file.toString());
  }
}
