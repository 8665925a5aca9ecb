package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.model.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What should be true of the gateway.
 *
 * @param version the version that should run
 * @param image the platform's identity of what every instance should run; null when unknown
 * @param since since when logs count
 * @param upgraded whether the schema should hold what the version's release carries; false after a
 *     rollback, where a newer schema may stay
 */
public record Expectation(
    Version version, @Nullable String image, Instant since, boolean upgraded) {}
