package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.journal.Journal;
import java.util.function.Consumer;

/** Opens the journal for a moment: as long as it is open, no run may begin. */
@FunctionalInterface
public interface JournalSource {

  /**
   * Lets the journal be read.
   *
   * @return false when there is none yet
   * @throws io.rackgateway.deploy.model.DeployException if it is in use, damaged or out of reach
   */
  boolean read(Consumer<Journal> reader);
}
