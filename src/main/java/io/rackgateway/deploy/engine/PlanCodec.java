package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Plan;

/** Plans as text, for the mark that a run leaves on the platform. */
public interface PlanCodec {

  String write(Plan plan);

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Usage if the text is no plan of this tool
   */
  Plan read(String text);
}
