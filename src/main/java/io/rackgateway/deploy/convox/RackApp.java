package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An app of a rack.
 *
 * @param status {@code running}, {@code updating}, {@code rollback} …
 * @param release the id of the active release; empty before the first was promoted
 * @param locked whether the app is protected from being deleted
 */
public record RackApp(String name, String status, String release, boolean locked) {

  static RackApp of(JsonNode found) {
    return new RackApp(
        Fields.text(found, "name"),
        Fields.text(found, "status"),
        Fields.text(found, "release"),
        found.path("locked").asBoolean());
  }

  /** Whether no rollout is going on. */
  public boolean settled() {
    return status.equals("running");
  }

  /** Whether the rack is undoing a rollout by itself. */
  public boolean rollingBack() {
    return status.startsWith("roll");
  }
}
