package io.rackgateway.deploy.gate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Surroundings.Availability;
import io.rackgateway.deploy.model.Gate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvailabilityGateTest {

  private static Gate judge(Availability availability) {
    return new AvailabilityGate()
        .answer(
            Contexts.upgrade(
                "v1.0.0",
                "v1.1.0",
                new Surroundings(null, null, false, availability, List.of()),
                false))
        .gate();
  }

  @ParameterizedTest
  @CsvSource({
    "3, true, true, 2",
    "2, true, true, 1",
    "2, true, true, ", // the platform says nothing of a minimum
    "1, true, true, 1", // its successor is up before it stops
  })
  void isWithoutDowntime(int instances, boolean healthCheck, boolean rolling, Integer minimum) {
    Gate gate = judge(new Availability(instances, healthCheck, rolling, minimum));

    assertThat(gate.result()).as(gate.evidence()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence()).startsWith("zero-downtime: " + instances + " instance");
  }

  @ParameterizedTest
  @CsvSource({
    "1, true, true, , it has one instance",
    "1, true, true, 0, its rollout may stop every copy at once",
    "3, false, true, 2, it has no health check",
    "3, true, false, 0, its rollout stops the old version before the new one answers",
    "0, true, true, 0, it has 0 instances",
  })
  void saysWhyAnInterruptionIsToBeExpected(
      int instances, boolean healthCheck, boolean rolling, Integer minimum, String why) {
    Gate gate = judge(new Availability(instances, healthCheck, rolling, minimum));

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence())
        .startsWith("an interruption is to be expected (one restart of the container): ")
        .contains(why);
  }

  @Test
  void doesNotPassWhereThePlatformDoesNotTell() {
    assertThat(judge(null).result()).isEqualTo(Gate.Result.WARN);
  }
}
