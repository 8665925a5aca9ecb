package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * Where a deployment should go.
 *
 * @param digest the image digest to pin to, {@code sha256:…}; null when the reference is not to be
 *     pinned
 * @param migrate whether the target's migrations are to be run before it
 * @param stopped whether every instance is stopped before the rollout begins, so that none may be
 *     started beside another
 */
public record Target(Version version, @Nullable String digest, boolean migrate, boolean stopped) {

  /** A target that is rolled out over what runs. */
  public Target(Version version, @Nullable String digest, boolean migrate) {
    this(version, digest, migrate, false);
  }
}
