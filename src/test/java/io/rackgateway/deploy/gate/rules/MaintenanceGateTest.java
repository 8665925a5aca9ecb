package io.rackgateway.deploy.gate.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.MaintenanceConfig;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaintenanceGateTest {

  private static Gate judge(MaintenanceConfig config, String now, boolean running) {
    return new MaintenanceGate(config, Clock.fixed(Instant.parse(now), ZoneOffset.UTC))
        .answer(Contexts.upgrade("v1.0.0", "v1.1.0", Surroundings.unknown(), running))
        .gate();
  }

  private static MaintenanceConfig window(String zone, String opens, int hours) {
    return new MaintenanceConfig(zone, List.of(opens), Duration.ofHours(hours), List.of());
  }

  private static MaintenanceConfig freeze(String... days) {
    return new MaintenanceConfig("UTC", List.of(), Duration.ofHours(4), List.of(days));
  }

  @ParameterizedTest
  @CsvSource({
    // Monday to Thursday at 22:00 in Berlin, for four hours
    "2026-11-23T20:59:59Z, BLOCK",
    "2026-11-23T21:00:00Z, PASS",
    "2026-11-24T00:59:59Z, PASS",
    "2026-11-24T01:00:00Z, BLOCK",
    "2026-11-27T21:30:00Z, BLOCK", // a Friday
    "2026-07-20T20:00:00Z, PASS", // summer time
    "2026-07-20T19:59:59Z, BLOCK",
  })
  void opensInItsTimeZone(String now, Gate.Result result) {
    Gate gate = judge(window("Europe/Berlin", "0 22 * * 1-4", 4), now, true);

    assertThat(gate.result()).as(gate.evidence()).isEqualTo(result);
  }

  @Test
  void saysWhenItOpensAndHowToLiftItForADay() {
    Gate gate = judge(window("UTC", "0 22 * * 5", 2), "2026-11-23T08:00:00Z", true);

    assertThat(gate.evidence()).endsWith("it opens Fri 2026-11-27 22:00 UTC");
    assertThat(gate.acknowledge()).containsExactly("2026-11-23");
    assertThat(gate.next()).endsWith("--accept maintenance=2026-11-23");
    assertThat(gate.accepting(List.of("2026-11-22")).result()).isEqualTo(Gate.Result.BLOCK);
  }

  @Test
  void onlyWarnsWhilePlanning() {
    Gate gate = judge(window("UTC", "0 22 * * 5", 2), "2026-11-23T08:00:00Z", false);

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.next()).contains("until then 'upgrade' is refused");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-19T23:59:59Z, PASS",
    "2026-12-20T00:00:00Z, BLOCK",
    "2027-01-03T23:59:59Z, BLOCK",
    "2027-01-04T00:00:00Z, PASS",
    "2027-05-01T12:00:00Z, BLOCK",
  })
  void freezesWholeDays(String now, Gate.Result result) {
    Gate gate = judge(freeze("2026-12-20/2027-01-03", "2027-05-01"), now, true);

    assertThat(gate.result()).as(gate.evidence()).isEqualTo(result);
  }

  @Test
  void aFreezeHoldsAlsoInAnOpenWindow() {
    MaintenanceConfig config =
        new MaintenanceConfig(
            "UTC", List.of("0 0 * * *"), Duration.ofHours(24), List.of("2026-12-24"));

    assertThat(judge(config, "2026-12-24T10:00:00Z", true).result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(judge(config, "2026-12-25T10:00:00Z", true).result()).isEqualTo(Gate.Result.PASS);
  }

  @Test
  void withoutConfigurationUpgradesMayRunAtAnyTime() {
    assertThat(judge(null, "2026-12-24T10:00:00Z", true).result()).isEqualTo(Gate.Result.PASS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Europe/Berln | 0 22 * * 5 | 2026-12-24 | there is no time zone",
        "UTC | 22:00 | 2026-12-24 | is not a schedule",
        "UTC | 0 25 * * 5 | 2026-12-24 | is not a schedule",
        "UTC | 0 22 * * 5 | 2026-02-30 | holds a day that does not exist",
        "UTC | 0 22 * * 5 | 2026-12-24/2026-12-20 | ends before it begins",
      })
  void refusesWhatIsNone(String zone, String opens, String freeze, String message) {
    MaintenanceConfig config =
        new MaintenanceConfig(zone, List.of(opens), Duration.ofHours(4), List.of(freeze));

    assertThatThrownBy(() -> new MaintenanceGate(config, Clock.systemUTC()))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining(message);
  }
}
