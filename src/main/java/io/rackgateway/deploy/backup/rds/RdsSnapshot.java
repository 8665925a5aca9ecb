package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A manual snapshot of an instance or a cluster.
 *
 * @param status as RDS tells it: {@code creating}, {@code available}, {@code failed} …
 * @param percent how much of it is done
 * @param gibibytes the storage allocated to what it was taken of
 * @param createdAt when RDS took it, null while it is not known
 */
record RdsSnapshot(
    String id,
    String arn,
    String status,
    int percent,
    int gibibytes,
    @Nullable Instant createdAt,
    Map<String, String> tags) {

  private static final long GIBIBYTE = 1L << 30;

  RdsSnapshot {
    tags = Map.copyOf(tags);
  }

  boolean available() {
    return status.equals("available");
  }

  boolean failed() {
    return status.equals("failed") || status.startsWith("incompatible");
  }

  boolean own() {
    return RdsTags.own(tags);
  }

  /** As the tags describe it. */
  Backup backup() {
    return new Backup(
        id,
        RdsSnapshots.KIND,
        tags.getOrDefault(RdsTags.GATEWAY, ""),
        arn,
        gibibytes * GIBIBYTE,
        null,
        proof(),
        Optional.ofNullable(tags.get(RdsTags.VERSION)).flatMap(Version::tryParse).orElse(null),
        time(),
        duration());
  }

  private Proof proof() {
    String label = tags.getOrDefault(RdsTags.PROOF, "");
    return Arrays.stream(Proof.values())
        .filter(proof -> proof.label().equals(label))
        .findFirst()
        .orElse(Proof.LISTED);
  }

  private Instant time() {
    try {
      return Instant.parse(tags.getOrDefault(RdsTags.CREATED_AT, ""));
    } catch (DateTimeParseException e) {
      return createdAt == null ? Instant.EPOCH : createdAt;
    }
  }

  private Duration duration() {
    try {
      return Duration.ofMillis(Long.parseLong(tags.getOrDefault(RdsTags.MILLIS, "0")));
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }
}
