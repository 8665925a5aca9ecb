package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rackgateway.deploy.model.DeployException;
import java.time.Clock;
import java.util.Optional;

/** Answers of registries that are not what was asked for, in words. */
final class RegistryTrouble {

  private static final int DEEPEST = 100;
  private static final JsonMapper JSON = mapper();

  private RegistryTrouble() {}

  private static JsonMapper mapper() {
    JsonMapper mapper = new JsonMapper();
    mapper
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
    return mapper;
  }

  /**
   * The answer as a JSON object.
   *
   * @param who the server, as a subject: {@code the registry localhost:5000}
   * @throws DeployException.Blocked if it is none
   */
  static JsonNode json(String who, HttpAnswer answer) {
    if (answer.isWebPage()) {
      throw Upstream.unanswered(
          who + " answered with a web page, as a proxy or a log-in page does",
          "check that the address is that of a registry");
    }
    JsonNode node;
    try {
      node = JSON.readTree(answer.body().utf8());
    } catch (JsonProcessingException e) {
      throw Upstream.unanswered(
          who + " answered with malformed or incomplete JSON", "try again later");
    }
    if (!node.isObject()) {
      throw Upstream.unanswered(
          who + " answered with something that is not a JSON object", "try again later");
    }
    return node;
  }

  /** The first error code of the answer, such as {@code MANIFEST_UNKNOWN}; empty if it has none. */
  static String code(HttpAnswer answer) {
    return error(answer).map(error -> error.path("code").asText("")).orElse("");
  }

  /** What a status that nobody hoped for means. */
  static DeployException.Blocked of(String who, HttpAnswer answer, Clock clock) {
    if (answer.code() == 429) {
      String wait =
          answer
              .retryAfter(clock)
              .map(left -> "; it asks to wait " + left.toSeconds() + " s")
              .orElse("");
      return Upstream.unanswered(
          who + " answered 429, too many requests" + wait,
          "wait, or log in with 'docker login' for a higher limit, then plan again");
    }
    String said =
        error(answer)
            .map(error -> error.path("code").asText("") + " " + error.path("message").asText(""))
            .map(words -> " (" + Upstream.text(words) + ")")
            .orElse("");
    return Upstream.unanswered(
        who + " answered " + answer.code() + said,
        answer.code() >= 500
            ? "the trouble is the registry's; try again later"
            : "check that the address is that of a registry");
  }

  private static Optional<JsonNode> error(HttpAnswer answer) {
    try {
      JsonNode error = JSON.readTree(answer.body().utf8()).path("errors").path(0);
      return error.path("code").isTextual() ? Optional.of(error) : Optional.empty();
    } catch (JsonProcessingException e) {
      // A page of a proxy or a line of text: the status has to do.
      return Optional.empty();
    }
  }
}
