package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * Where a deployment should go.
 *
 * @param digest the image digest to pin to, {@code sha256:…}; null when the reference is not to be
 *     pinned
 * @param migrate whether the target's migrations are to be run before it
 */
public record Target(Version version, @Nullable String digest, boolean migrate) {}
