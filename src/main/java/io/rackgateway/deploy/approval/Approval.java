package io.rackgateway.deploy.approval;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A deploy approval request as the gateway told it.
 *
 * @param id the gateway's public identity of it
 * @param commit the Git commit that it is for
 * @param decidedBy who approved or rejected it; null while nobody has
 * @param notes what that person said; null for nothing
 * @param expiresAt when an approval ends, by the gateway's clock; null when it has none
 * @param readAt when the gateway told it, by the gateway's clock
 */
public record Approval(
    String id,
    Status status,
    String commit,
    @Nullable String decidedBy,
    @Nullable String notes,
    @Nullable Instant expiresAt,
    Instant readAt) {

  /** Where a request stands. */
  public enum Status {
    PENDING,
    APPROVED,
    REJECTED,
    /** Nobody decided in time, or the approval was not used in time. */
    EXPIRED,
    /** The release was promoted with it, and it is used up. */
    DEPLOYED,
    /** Something that this tool does not know: not an approval. */
    UNKNOWN;

    static Status of(String text) {
      for (Status status : values()) {
        if (status != UNKNOWN && status.label().equals(text)) {
          return status;
        }
      }
      return UNKNOWN;
    }

    /** The gateway's word for it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether the gateway lets it be used for at least that much longer. A gateway goes on calling an
   * approval {@code approved} when its time is over, so that the time decides.
   */
  public boolean standsFor(Duration longer) {
    return status == Status.APPROVED
        && (expiresAt == null || readAt.plus(longer).isBefore(expiresAt));
  }

  /** Whether it was approved, and that has ended. */
  public boolean ranOut() {
    return status == Status.EXPIRED || (status == Status.APPROVED && !standsFor(Duration.ZERO));
  }

  /** How long an approval stands from when it was read; null when it has no end. */
  @Nullable Duration left() {
    return expiresAt == null ? null : Duration.between(readAt, expiresAt);
  }

  /** {@code by ops@example.com: 'go ahead'}. */
  public String decision() {
    String by = decidedBy == null ? "" : " by " + decidedBy;
    return by + (notes == null || notes.isBlank() ? "" : ": '" + notes.strip() + "'");
  }
}
