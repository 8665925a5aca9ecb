package io.rackgateway.deploy.backup.none;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.NoBackupConfig;
import io.rackgateway.deploy.model.Gate;
import org.junit.jupiter.api.Test;

class NoBackupTest {

  private final NoBackup backup = new NoBackup(new NoBackupConfig("RDS takes snapshots"));

  @Test
  void everyPlanWarnsWithTheReason() {
    Gate gate = backup.preflight();

    assertThat(gate.name()).isEqualTo("backup");
    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence()).contains("RDS takes snapshots");
  }

  @Test
  void noStepIsPlanned() {
    assertThat(backup.steps()).isEmpty();
  }
}
