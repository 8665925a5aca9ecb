package io.rackgateway.deploy.verify.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * One of the records that the gateway writes to its log as one line of JSON each. There are two
 * kinds: a request's, whose {@code status} is the number it was answered with, and an audit
 * record's, whose {@code status} is a word and whose {@code http_status} is the number, or 0.
 *
 * @param status the HTTP status that the request got; 0 when the record tells none
 */
record AuditRecord(int status) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATUS = "status\":";

  /** The record that a line holds, perhaps behind what a platform puts before each line. */
  static Optional<AuditRecord> find(String line) {
    int brace = line.indexOf('{');
    if (brace < 0 || !line.stripTrailing().endsWith("}") || !namesItsFields(line)) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line.substring(brace));
      return node.has("action_type") || node.has("rbac_decision") || node.has("http_status")
          ? Optional.of(new AuditRecord(status(node)))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Other JSON need not be read. */
  private static boolean namesItsFields(String line) {
    return line.contains("action_type")
        || line.contains("rbac_decision")
        || line.contains("http_status");
  }

  /** Whether a line may hold a record with a status of 500 or more; quicker than reading it. */
  static boolean mayTellServerError(String line) {
    int at = line.indexOf(STATUS);
    while (at >= 0) {
      int i = at + STATUS.length();
      while (i < line.length() && line.charAt(i) == ' ') {
        i++;
      }
      if (i < line.length() && line.charAt(i) >= '5' && line.charAt(i) <= '9') {
        return true;
      }
      at = line.indexOf(STATUS, i);
    }
    return false;
  }

  private static int status(JsonNode node) {
    return node.path("status").isNumber()
        ? node.path("status").asInt()
        : node.path("http_status").asInt();
  }

  boolean serverError() {
    return status >= 500;
  }
}
