package io.rackgateway.deploy.release;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Gate;

/**
 * A gate whose question the configuration says not to ask. It warns, so that every plan says so.
 *
 * @param name the name of the gate that it stands for
 * @param reason why nobody looks, as {@code releases.none.reason} has it
 */
public record NotLookedAtGate(String name, String reason) implements GateCheck {

  @Override
  public GateAnswer answer(GateContext context) {
    return GateAnswer.of(
        Gate.warn(
            name,
            "not looked at: " + reason,
            "set releases.github or releases.file, or judge it yourself"));
  }
}
