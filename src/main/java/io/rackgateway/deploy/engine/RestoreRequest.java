package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore of the database is wanted for.
 *
 * @param back whether the version before is to run afterwards; otherwise the one that runs now
 * @param backup the id of the backup; null for the one that belongs to the version before, or the
 *     newest
 * @param to the version to go back to; null for the one before
 * @param from the version that runs now, where the platform does not tell; null to rely on it
 * @param digest the image digest to pin to, null for none
 * @param accept what was decided about gates that would block
 */
public record RestoreRequest(
    boolean back,
    @Nullable String backup,
    @Nullable Version to,
    @Nullable Version from,
    @Nullable String digest,
    List<Acceptance> accept) {

  public RestoreRequest {
    accept = List.copyOf(accept);
  }
}
