package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.Instance;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process of the gateway.
 *
 * @param pid its process id
 * @param release the real path of the release's folder it runs from, null when nobody here can tell
 * @param detail what explains the state, null when there is nothing to add
 */
record Running(long pid, @Nullable Path release, Instance.State state, @Nullable String detail) {

  boolean runs(Path wanted) {
    return wanted.equals(release);
  }

  boolean alive() {
    return state != Instance.State.STOPPED;
  }
}
