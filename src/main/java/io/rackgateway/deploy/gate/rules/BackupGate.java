package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;

/** The gate {@code backup}: whether one could be taken now. */
public final class BackupGate implements GateCheck {

  private final BackupProvider backup;

  public BackupGate(BackupProvider backup) {
    this.backup = backup;
  }

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public GateAnswer answer(GateContext context) {
    return GateAnswer.of(backup.preflight());
  }
}
