package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.model.DeployException;
import java.util.Optional;

/** Where a platform writes the variables that it gives the gateway. */
interface GatewayVariables {

  /**
   * What they are now.
   *
   * @throws DeployException.Usage if they cannot be read
   */
  Now now();

  /** Where they are looked for, for people. */
  String places();

  /** The variables at one time. */
  @FunctionalInterface
  interface Now {
    /**
     * The value of a variable as it is written; empty when the gateway does not have it.
     *
     * @throws DeployException.Usage if it is written in a form that is not understood; the message
     *     tells nothing of the value
     */
    Optional<WrittenValue> find(String name);
  }
}
