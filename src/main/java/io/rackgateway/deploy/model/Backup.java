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
 * @param sha256 checksum of the copy, lower-case hex; null where a service keeps the copy and lets
 *     nobody read its bytes
 * @param proof how far it was proven
 * @param gatewayVersion the version that ran when it was taken, null when unknown
 * @param duration how long taking and proving it took
 */
public record Backup(
    String id,
    String kind,
    String gateway,
    String location,
    long bytes,
    @Nullable String sha256,
    Proof proof,
    @Nullable Version gatewayVersion,
    Instant createdAt,
    Duration duration) {

  /** The same backup, proven further; never less far than it was. */
  public Backup proven(Proof further) {
    return new Backup(
        id,
        kind,
        gateway,
        location,
        bytes,
        sha256,
        further.reaches(proof) ? further : proof,
        gatewayVersion,
        createdAt,
        duration);
  }
}
