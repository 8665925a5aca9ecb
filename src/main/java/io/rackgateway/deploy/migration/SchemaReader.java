package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.model.SchemaState;

/** Reads which migrations the gateway's database holds. */
@FunctionalInterface
public interface SchemaReader {

  /** The state now; unknown with a reason where it cannot be read. Never throws. */
  SchemaState read();
}
