package io.rackgateway.deploy.gate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliGateTest {

  @TempDir Path folder;

  private Gate judge(String to) {
    return new CliGate(
            new SystemCommands(ProcessBuilder::new, new Cancellation(), Map::of),
            Map.of("PATH", "/nowhere:" + folder))
        .answer(Contexts.upgrade("v1.0.0", to))
        .gate();
  }

  private void install(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("rack-gateway"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void passesWithoutACommandLine() {
    assertThat(judge("v1.1.0").result()).isEqualTo(Gate.Result.PASS);
  }

  @Test
  void comparesTheMajorVersions() throws Exception {
    install("[ \"$1\" = version ] && echo 'client: 1.0.4' && echo 'gateway: 9.9.9'");

    assertThat(judge("v1.1.0").result()).isEqualTo(Gate.Result.PASS);
    Gate other = judge("v2.0.0");
    assertThat(other.result()).isEqualTo(Gate.Result.WARN);
    assertThat(other.evidence()).contains("is v1.0.4, and the target is v2.0.0");
  }

  @Test
  void saysWhereItDoesNotTell() throws Exception {
    install("echo 'client: dev'");
    assertThat(judge("v1.1.0").evidence()).endsWith("does not tell its version");

    install("exit 3");
    assertThat(judge("v1.1.0").result()).isEqualTo(Gate.Result.WARN);
  }
}
