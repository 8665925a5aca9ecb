package io.rackgateway.deploy.journal;

import io.rackgateway.deploy.model.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An effect as the journal knows it.
 *
 * @param attempts how often it was intended
 * @param reason why it failed, null unless it did
 */
public record EffectRecord(
    Phase phase,
    String name,
    State state,
    int attempts,
    Instant intendedAt,
    @Nullable Instant endedAt,
    @Nullable String reason) {

  /** What the journal knows of an effect. */
  public enum State {
    /** Intended; whether it happened only the platform can tell. */
    INTENDED,
    DONE,
    FAILED
  }
}
