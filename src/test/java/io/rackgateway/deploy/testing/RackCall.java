package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;

/**
 * A call of a rack, directly or through a gateway.
 *
 * @param method {@code SOCKET} for a WebSocket
 * @param path without the gateway's prefix
 */
record RackCall(
    RecordedRequest request,
    boolean gateway,
    String method,
    List<String> path,
    Map<String, String> form) {

  private static final String PREFIX = "/api/v1/rack-proxy/";
  private static final List<String> PARAMETERS =
      List.of(
          "Command",
          "Release",
          "Environment",
          "Image",
          "Since",
          "Follow",
          "Filter",
          "Prefix",
          "Tail",
          "Previous",
          "Tty",
          "Disable-Stdin",
          "Entrypoint",
          "Height",
          "Width");

  static RackCall of(RecordedRequest request) {
    boolean gateway = request.getUrl().encodedPath().startsWith(PREFIX);
    List<String> path = request.getUrl().pathSegments();
    boolean socket = "websocket".equalsIgnoreCase(request.getHeaders().get("Upgrade"));
    Map<String, String> form = new TreeMap<>();
    String type = String.valueOf(request.getHeaders().get("Content-Type"));
    if (type.startsWith("application/x-www-form-urlencoded") && request.getBody() != null) {
      HttpUrl parsed = HttpUrl.get("http://form/?" + request.getBody().utf8());
      for (String name : parsed.queryParameterNames()) {
        form.put(name, String.valueOf(parsed.queryParameter(name)));
      }
    }
    return new RackCall(
        request,
        gateway,
        socket ? "SOCKET" : request.getMethod(),
        gateway ? path.subList(3, path.size()) : path,
        form);
  }

  boolean socket() {
    return method.equals("SOCKET");
  }

  /** Empty when there is none. */
  String header(String name) {
    String value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }

  /** Empty when there is none. */
  String query(String name) {
    String value = request.getUrl().queryParameter(name);
    return value == null ? "" : value;
  }

  /** Method and path with the names of things in it as {@code *}. */
  String route() {
    List<String> parts = new ArrayList<>(path);
    if (parts.size() > 1) {
      parts.set(1, "*");
    }
    if (parts.size() > 3) {
      parts.set(3, "*");
    }
    return method + " /" + String.join("/", parts);
  }

  /** The name of the thing below the app that it is about. */
  String id() {
    return path.get(3);
  }

  /** As {@link ConvoxRackStandIn#calls()} tells it. */
  String told() {
    StringBuilder text = new StringBuilder(method + " /" + String.join("/", path));
    String query = request.getUrl().query();
    text.append(query == null || query.isEmpty() ? "" : "?" + query);
    form.forEach(
        (name, value) ->
            text.append(' ').append(name).append('=').append(value.replace("\n", "\\n")));
    for (String name : PARAMETERS) {
      String value = request.getHeaders().get(name);
      text.append(value == null ? "" : " [" + name + ": " + value + "]");
    }
    return text.toString();
  }

  static MockResponse.Builder json(JsonNode body) {
    return text(200, body.toPrettyString() + "\n");
  }

  /** An answer; JSON is told by its first character. */
  static MockResponse.Builder text(int status, String body) {
    boolean json = body.startsWith("{") || body.startsWith("[");
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", json ? "application/json" : "text/plain; charset=utf-8")
        .body(body);
  }
}
