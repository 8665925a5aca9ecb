package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A build.
 *
 * @param id {@code B} and capital letters
 * @param status {@code created}, {@code running}, {@code complete} or {@code failed}
 * @param release the id of the release it made; empty until it is complete
 * @param reason why it failed, as far as the rack says
 */
public record RackBuild(
    String id, String status, String release, String description, String reason) {

  static RackBuild of(JsonNode found) {
    return new RackBuild(
        Fields.text(found, "id"),
        Fields.text(found, "status"),
        Fields.text(found, "release"),
        Fields.text(found, "description"),
        Fields.text(found, "reason"));
  }

  /** Whether it made its release. */
  public boolean complete() {
    return status.equals("complete") && !release.isEmpty();
  }

  /** Whether it never will. */
  public boolean failed() {
    return status.equals("failed") || status.equals("error") || status.equals("timeout");
  }
}
