package io.rackgateway.deploy.journal;

import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as the journal knows it.
 *
 * @param command the command that began it: {@code upgrade}
 * @param plan the plan it carries out; null for commands without one, such as {@code backup}
 * @param undoing why it is being undone, null while it goes forward
 * @param result how it ended, null while it has not
 */
public record RunRecord(
    RunId id,
    String gateway,
    String command,
    @Nullable Plan plan,
    Instant startedAt,
    @Nullable String undoing,
    @Nullable RunResult result) {

  public Optional<RunResult> outcome() {
    return Optional.ofNullable(result);
  }
}
