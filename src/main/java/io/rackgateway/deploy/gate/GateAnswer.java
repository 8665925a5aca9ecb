package io.rackgateway.deploy.gate;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Outlook;

/**
 * A gate's answer.
 *
 * @param outlook what was learnt on the way and belongs in the plan
 */
public record GateAnswer(Gate gate, Outlook outlook) {

  public static GateAnswer of(Gate gate) {
    return new GateAnswer(gate, Outlook.NONE);
  }
}
