package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.model.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container as {@code docker inspect} tells it.
 *
 * @param image the id of the image it was made from
 * @param reference the image reference it was made with
 * @param status {@code created}, {@code running}, {@code restarting}, {@code exited} …
 * @param health what its health check says, such as {@code unhealthy}; null without one
 * @param probe what its last health check printed; null when there was none
 * @param error why it could not be started; empty when it could
 * @param restarts how often its restart policy has started it again
 * @param startedAt when it was started last; the epoch when never
 */
record Container(
    String id,
    String name,
    String image,
    String reference,
    String status,
    @Nullable String health,
    @Nullable String probe,
    int exitCode,
    String error,
    int restarts,
    Instant startedAt,
    Map<String, String> labels) {

  /** A restart longer ago than this says nothing of how the container fares now. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  Container {
    labels = Map.copyOf(labels);
  }

  static Container of(JsonNode json) {
    JsonNode state = json.path("State");
    JsonNode health = state.path("Health");
    String healthStatus = health.path("Status").asText("");
    JsonNode probes = health.path("Log");
    Map<String, String> labels = new LinkedHashMap<>();
    json.path("Config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new Container(
        json.path("Id").asText(),
        json.path("Name").asText().replaceFirst("^/", ""),
        json.path("Image").asText(),
        json.path("Config").path("Image").asText(),
        state.path("Status").asText(),
        healthStatus.isEmpty() || healthStatus.equals("none") ? null : healthStatus,
        probes.isEmpty() ? null : probes.get(probes.size() - 1).path("Output").asText().strip(),
        state.path("ExitCode").asInt(),
        state.path("Error").asText(""),
        json.path("RestartCount").asInt(),
        instant(state.path("StartedAt").asText("")),
        labels);
  }

  private static Instant instant(String text) {
    try {
      Instant instant = Instant.parse(text);
      return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  boolean running() {
    return status.equals("running");
  }

  boolean isFrom(String wantedReference, @Nullable String wantedImage) {
    return reference.equals(wantedReference) && (wantedImage == null || image.equals(wantedImage));
  }

  /** Why the container will not serve, if it is clear that it will not. */
  Optional<String> trouble(Instant now) {
    return switch (status) {
      case "exited", "dead" -> Optional.of("ended with exit code " + exitCode + errorText());
      case "restarting" ->
          Optional.of("keeps ending, last with exit code " + exitCode + errorText());
      case "running" -> {
        if ("unhealthy".equals(health)) {
          yield Optional.of(
              "is unhealthy" + (probe == null || probe.isEmpty() ? "" : ": " + probe));
        }
        boolean restartedJustNow = restarts > 0 && startedAt.isAfter(now.minus(RECENT));
        yield restartedJustNow
            ? Optional.of(
                "keeps ending: its restart policy has started it again " + restarts + " times")
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private String errorText() {
    return error.isEmpty() ? "" : " (" + error + ")";
  }

  /** How it fares, one phrase for people. */
  String condition() {
    return health == null ? status : status + ", health check: " + health;
  }

  Instance toInstance() {
    Instance.State state =
        switch (status) {
          case "running" ->
              health == null || health.equals("healthy")
                  ? Instance.State.RUNNING
                  : health.equals("unhealthy") ? Instance.State.UNHEALTHY : Instance.State.STARTING;
          case "restarting" -> Instance.State.RESTARTING;
          default -> Instance.State.STOPPED;
        };
    String detail =
        switch (state) {
          case STOPPED -> status.equals("exited") ? "exit code " + exitCode : status;
          case RESTARTING -> "exit code " + exitCode + ", restarted " + restarts + " times";
          case UNHEALTHY -> probe;
          case STARTING, RUNNING -> restarts > 0 ? "restarted " + restarts + " times" : null;
        };
    return new Instance(id, name, image, reference, state, detail);
  }
}
