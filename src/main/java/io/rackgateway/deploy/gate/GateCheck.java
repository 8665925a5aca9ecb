package io.rackgateway.deploy.gate;

/** Answers one gate's question. Changes nothing. */
public interface GateCheck {

  /** The gate's name: stable, lower case, words joined by hyphens. */
  String name();

  /**
   * Answers. Called on a thread of its own, beside other gates, and interrupted at its deadline.
   *
   * @throws io.rackgateway.deploy.model.DeployException if the question cannot be answered; its
   *     problem says why, and the gate counts as not evaluated, which blocks
   * @throws InterruptedException when its deadline has passed
   */
  GateAnswer answer(GateContext context) throws InterruptedException;
}
