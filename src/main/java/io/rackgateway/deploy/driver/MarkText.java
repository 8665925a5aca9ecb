package io.rackgateway.deploy.driver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.RunId;
import java.time.DateTimeException;
import java.time.Instant;

/** A mark as JSON, for platforms on which it is a file or something like one. */
public final class MarkText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private MarkText() {}

  public static String of(Mark mark) {
    return JSON.createObjectNode()
        .put("run", mark.run().value())
        .put("owner", mark.owner())
        .put("startedAt", mark.startedAt().toString())
        .put("plan", mark.plan())
        .toPrettyString();
  }

  /**
   * Reads a mark.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Mark parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return new Mark(
          new RunId(node.path("run").asText()),
          node.path("owner").asText(),
          Instant.parse(node.path("startedAt").asText()),
          node.path("plan").asText());
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
