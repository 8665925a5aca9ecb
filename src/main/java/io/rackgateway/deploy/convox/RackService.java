package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A service of an app as it is deployed.
 *
 * @param count how many copies should run
 */
public record RackService(String name, int count, String domain) {

  static RackService of(JsonNode found) {
    return new RackService(
        Fields.text(found, "name"), found.path("count").asInt(), Fields.text(found, "domain"));
  }
}
