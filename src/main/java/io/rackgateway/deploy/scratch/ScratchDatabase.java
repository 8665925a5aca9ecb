package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.postgres.PostgresUrl;
import java.util.List;

/** An empty database that goes away when it is closed, whatever it holds by then. */
public interface ScratchDatabase extends AutoCloseable {

  /** Where it is, as a role that may create everything in it. */
  PostgresUrl url();

  /** Whether owners and grants have to be left out, because roles of the source are missing. */
  boolean unowned();

  /** What a person should know of it, such as that owners are left out; often nothing. */
  List<String> notes();

  @Override
  void close();
}
