package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;

/** The gate {@code proof}: how far the backup will be proven. */
public final class ProofGate implements GateCheck {

  private final Proving proving;

  public ProofGate(Proving proving) {
    this.proving = proving;
  }

  @Override
  public String name() {
    return "proof";
  }

  @Override
  public GateAnswer answer(GateContext context) {
    return GateAnswer.of(proving.preflight(true));
  }
}
