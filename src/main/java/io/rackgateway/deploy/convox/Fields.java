package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;

/** The fields of what a rack answers. */
final class Fields {

  private Fields() {}

  /** A field's text; empty where there is none, which racks write in many ways. */
  static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }
}
