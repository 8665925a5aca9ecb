package io.rackgateway.deploy.gate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityGateTest {

  private static Gate judge(String from, String to, String... released) {
    List<Release> releases =
        Stream.of(released)
            .map(
                tag -> {
                  Version version = Version.parse(tag);
                  return new Release(version, tag, "", "", tag.contains("-"), null);
                })
            .toList();
    return new CompatibilityGate(() -> releases).answer(Contexts.upgrade(from, to)).gate();
  }

  @ParameterizedTest
  @CsvSource({
    "v1.1.0, v1.1.1, PASS, ",
    "v1.1.0, v1.9.0, PASS, ",
    "v1.1.0, v1.1.0, PASS, ",
    "v0.3.1, v0.3.9, PASS, ",
    "v0.3.1, v0.4.0, BLOCK, v0.4",
    "v0.3.1, v0.9.2, BLOCK, v0.9",
    "v0.9.0, v1.0.0, BLOCK, v1",
    "v1.9.0, v2.0.0, BLOCK, v2",
    "v1.9.0, v2.3.1-rc.1, BLOCK, v2",
    "v1.2.0-rc.1, v1.2.0, PASS, ",
  })
  void isTheTableOfTheGuide(String from, String to, Gate.Result result, String accept) {
    Gate gate = judge(from, to);

    assertThat(gate.result()).as(gate.evidence()).isEqualTo(result);
    assertThat(gate.acknowledge()).isEqualTo(accept == null ? List.of() : List.of(accept));
    if (accept != null) {
      assertThat(gate.next()).contains("--accept compatibility=" + accept);
      assertThat(gate.accepting(List.of(accept)).result()).isEqualTo(Gate.Result.WARN);
      assertThat(gate.accepting(List.of("v7")).result()).isEqualTo(Gate.Result.BLOCK);
    }
  }

  @Test
  void aDowngradeIsARollback() {
    Gate gate = judge("v1.2.0", "v1.1.9");

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.acknowledge()).isEmpty();
    assertThat(gate.next()).isEqualTo("use 'rollback --to v1.1.9'");
  }

  @Test
  void severalMajorsAreRefusedWithTheStopsToMake() {
    Gate gate =
        judge("v1.2.0", "v4.1.0", "v4.1.0", "v3.0.0-rc.1", "v2.10.0", "v2.9.9", "v2.11.0-beta.1");

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.acknowledge()).isEmpty();
    assertThat(gate.evidence()).contains("leaps over 2 major versions");
    assertThat(gate.next())
        .endsWith("--to v2.10.0, then --to the newest v3.x that there is, then --to v4.1.0");
  }

  @Test
  void severalMajorsAreRefusedAlsoWhereReleasesCannotBeRead() {
    Gate gate =
        new CompatibilityGate(
                () -> {
                  throw new DeployException.Blocked(Problem.of("no network", ""));
                })
            .answer(Contexts.upgrade("v1.2.0", "v3.0.0"))
            .gate();

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.next()).contains("--to the newest v2.x that there is, then --to v3.0.0");
  }
}
