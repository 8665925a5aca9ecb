package io.rackgateway.deploy.notice;

import io.rackgateway.deploy.config.NotifyConfig.On;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.RunResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that webhooks are told.
 *
 * @param run the run's id; null where none began
 * @param from the version before; null when unknown
 * @param to the version asked for; null when none was
 * @param message one sentence
 * @param gates those that wait for somebody to accept them; empty for other notices
 * @param result how the run ended; null while it has not
 */
record Notice(
    On about,
    Instant time,
    String gateway,
    String command,
    @Nullable String run,
    @Nullable String from,
    @Nullable String to,
    String message,
    List<Gate> gates,
    @Nullable RunResult result) {

  Notice {
    gates = List.copyOf(gates);
  }
}
