package io.rackgateway.deploy.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A restorable copy of the gateway's database.
 *
 * @param id derived from the run: {@code rack-gateway-pre-upgrade-20260115-…}
 * @param kind the provider: {@code pgDump}
 * @param location where it is kept
 * @param bytes size of the copy
 * @param sha256 checksum of the copy, lower-case hex
 * @param proof how far it was proven: {@code listed}
 * @param gatewayVersion the version that ran when it was taken, null when unknown
 * @param duration how long taking and proving it took
 */
public record Backup(
    String id,
    String kind,
    String gateway,
    String location,
    long bytes,
    String sha256,
    String proof,
    @Nullable Version gatewayVersion,
    Instant createdAt,
    Duration duration) {}
