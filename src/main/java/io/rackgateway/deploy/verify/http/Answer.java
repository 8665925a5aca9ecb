package io.rackgateway.deploy.verify.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What came back for a request.
 *
 * @param json the body, or a missing node where it is not JSON
 * @param location where a redirect leads, null where it is none
 * @param contentType as the server says, empty when it does not
 */
record Answer(
    int status, String reason, JsonNode json, @Nullable String location, String contentType) {

  /** More than any answer that is asked for; the rest is not read. */
  private static final int LONGEST_BODY = 64 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  static Answer of(Response response) throws IOException {
    return of(response, LONGEST_BODY);
  }

  /**
   * Reads an answer.
   *
   * @param longest how much of the body is read, in bytes
   */
  static Answer of(Response response, long longest) throws IOException {
    String body = response.peekBody(longest).string();
    return new Answer(
        response.code(),
        response.message(),
        parse(body),
        response.header("Location"),
        response.header("Content-Type", ""));
  }

  /** An answer that came another way, of which only this is known. */
  static Answer ofBody(int status, String body) {
    return new Answer(status, "", parse(body), null, "");
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** What is wrong with a status other than 200, in words. */
  String statusProblem() {
    if (location != null) {
      return "status "
          + status
          + ", a redirect to "
          + location
          + ", which is not followed: gateway.url must be the address that answers itself";
    }
    String error = json.path("error").asText("");
    return "status "
        + status
        + (reason.isBlank() ? "" : " " + reason)
        + (error.isBlank() ? "" : ": " + error);
  }

  /** What is wrong with a body that is not JSON, in words. */
  String notJson() {
    String kind = contentType.replaceFirst(";.*", "").strip();
    return (kind.isEmpty() ? "something" : kind)
        + " instead of JSON: something else than the gateway answers there";
  }
}
