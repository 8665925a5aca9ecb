package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A restored copy of the gateway's database.
 *
 * @param backup the id of the backup it was made of
 * @param facts what its source held at the snapshot, null where the backup does not know
 * @param where for people
 * @param took how long making it took, the server's start included
 * @param end removes it
 */
record Copy(
    String backup,
    PostgresUrl url,
    @Nullable DatabaseFacts facts,
    String where,
    Duration took,
    Runnable end)
    implements AutoCloseable {

  @Override
  public void close() {
    end.run();
  }
}
