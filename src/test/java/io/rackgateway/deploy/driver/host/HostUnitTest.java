package io.rackgateway.deploy.driver.host;

import static io.rackgateway.deploy.driver.host.HostFixture.NEW;
import static io.rackgateway.deploy.driver.host.HostFixture.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that a systemd unit runs. {@code systemctl} and {@code journalctl} are scripts here, as
 * a test machine has no systemd to try on: they start and stop a real process from the folder
 * {@code current}, and tell of it in systemd's words. They know one unit, never restart it by
 * themselves, wait for nothing after a start, and ignore the time in {@code journalctl --since}.
 */
class HostUnitTest {

  private static final String SYSTEMCTL =
      """
      #!/bin/sh
      state='%s'
      echo "$*" >>"$state/calls"
      pid=$(cat "$state/pid" 2>/dev/null)
      running() { [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$pid/status"; }
      [ "$1" = --no-ask-password ] && shift
      verb=$1
      for last; do :; done
      if [ "$last" != rack-gateway.service ]; then
        [ "$verb" = show ] && echo LoadState=not-found && exit 0
        echo "Unit $last not found." >&2; exit 5
      fi
      case $verb in
        show)
          echo LoadState=loaded
          if running; then
            echo ActiveState=active; echo SubState=running; echo "MainPID=$pid"
          elif [ -n "$pid" ]; then
            echo ActiveState=failed; echo SubState=failed; echo MainPID=0
            echo Result=exit-code; echo ExecMainStatus=1
          else
            echo ActiveState=inactive; echo SubState=dead; echo MainPID=0
          fi
          echo NRestarts=0;;
        start)
          running && exit 0
          cd '%s/current' || exit 1
          set -a; . '%s/gateway.env'; set +a
          # The stray descriptors of this script would keep the caller's pipes open.
          setsid ./rack-gateway-api >>"$state/journal" 2>&1 </dev/null &
          echo $! >"$state/pid";;
        stop)
          running && kill "$pid"
          rm -f "$state/pid";;
        kill) running && kill -9 "$pid";;
        reset-failed) running || rm -f "$state/pid";;
        *) echo "the stand-in for systemctl does not know $verb" >&2; exit 1;;
      esac
      exit 0
      """;

  @TempDir Path folder;
  @TempDir Path programs;
  private HostFixture host;

  @BeforeEach
  void prepare() throws IOException {
    host = new HostFixture(folder);
    host.command = null;
    host.unit = "rack-gateway.service";
    program("systemctl", SYSTEMCTL.formatted(programs, host.directory, host.directory));
    program("journalctl", "#!/bin/sh\ntail -n 50 '" + programs + "/journal' 2>/dev/null\nexit 0\n");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PATH", programs + ":" + environment.get("PATH"));
    host.toolEnvironment = environment;
  }

  @AfterEach
  void end() {
    host.close();
  }

  @Test
  void anUpgradeRestartsTheUnitFromTheNewRelease() throws Exception {
    host.startCurrent();
    assertThat(host.driver().observe().location())
        .isEqualTo("unit rack-gateway.service in " + host.directory);
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);
    assertThat(deployment.plan().fromImage()).isEqualTo(host.place(OLD).toString());

    host.upgrade(deployment);

    assertThat(host.awaitVersion()).isEqualTo("1.1.0");
    assertThat(host.driver().observe().instances())
        .singleElement()
        .satisfies(instance -> assertThat(instance.reference()).isEqualTo("v1.1.0"));
    assertThat(host.driver().logs(Instant.EPOCH))
        .anySatisfy(line -> assertThat(line).contains("Starting rack-gateway 1.1.0"));
    List<String> read = new ArrayList<>();
    host.driver().readLogs(Instant.EPOCH, null, (instance, at, line) -> read.add(line));
    assertThat(read).anySatisfy(line -> assertThat(line).contains("Starting rack-gateway 1.0.0"));
    List<Long> pids = host.pids();
    host.upgrade(deployment);
    assertThat(host.pids()).as("after the whole upgrade twice").isEqualTo(pids);
    assertThat(Files.readString(programs.resolve("calls")))
        .contains("stop --no-block rack-gateway.service")
        .contains("start rack-gateway.service");
  }

  @Test
  void aUnitThatFailsEndsTheStartWithItsJournalAndIsRolledBack() throws Exception {
    host.startCurrent();
    host.release(NEW, "crash-at-start");
    Deployment deployment = host.deployment(NEW);

    assertThatThrownBy(() -> host.upgrade(deployment))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> {
              assertThat(e.problem().summary())
                  .contains("the unit rack-gateway.service has failed: exit-code, status 1");
              assertThat(e.problem().details())
                  .anySatisfy(line -> assertThat(line).contains("failed to load configuration"));
            });
    assertThat(host.driver().observe().instances())
        .singleElement()
        .satisfies(instance -> assertThat(instance.state()).isEqualTo(Instance.State.STOPPED));

    host.run(deployment, Phase.ROLLBACK);
    assertThat(host.awaitVersion()).isEqualTo("1.0.0");
  }

  @Test
  void aRollbackWhereNothingChangedLeavesTheUnitAlone() throws Exception {
    host.startCurrent();
    host.release(NEW, "none");
    Deployment deployment = host.deployment(NEW);
    Files.delete(programs.resolve("calls"));
    for (Effect effect : host.driver().effects(Phase.ROLLBACK, deployment)) {
      effect.action().run();
    }
    assertThat(Files.readAllLines(programs.resolve("calls")))
        .allSatisfy(call -> assertThat(call).contains(" show "));
  }

  @Test
  void aUnitThatSystemdDoesNotKnowAndAMissingSystemdAreSaidAtOnce() throws Exception {
    host.unit = "gateway.service";
    assertThatThrownBy(() -> host.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("systemd knows no unit gateway.service");
    host.toolEnvironment = Map.of("PATH", host.directory.toString());
    assertThatThrownBy(() -> host.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("'systemctl' was not found");
  }

  private void program(String name, String text) throws IOException {
    Path file = programs.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
