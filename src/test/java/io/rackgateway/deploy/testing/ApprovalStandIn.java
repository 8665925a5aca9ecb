package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The deploy approvals of a Rack Gateway on 127.0.0.1. As the gateway does, it answers 409 with the
 * request that is pending or approved for a commit already, makes a new one when that has run out,
 * and goes on calling what ran out {@code approved}. It has one token and one app, knows no rights,
 * looks at no GitHub, and lists nothing.
 */
public final class ApprovalStandIn implements AutoCloseable {

  public static final String TOKEN = "rgw_approval-token";
  static final String PATH = "/api/v1/deploy-approval-requests";

  private final ObjectMapper json = new ObjectMapper();
  private final MockWebServer server = new MockWebServer();
  private final Map<String, ObjectNode> requests = new LinkedHashMap<>();
  private final AtomicInteger silent = new AtomicInteger();
  private final List<String> seen = new ArrayList<>();
  private @Nullable MockResponse instead;
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");

  /** Called at each look at a request, with how often it has been looked at: somebody decides. */
  public BiConsumer<ObjectNode, Integer> onRead = (request, looks) -> {};

  /** Called with how many requests have been asked for, before each is answered. */
  public IntConsumer onRequest = count -> {};

  private final String token;
  private int looks;
  private int asked;

  public ApprovalStandIn() throws IOException {
    this(TOKEN);
  }

  /** One that knows another token. */
  public ApprovalStandIn(String token) throws IOException {
    this.token = token;
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Its clock. */
  public synchronized void timeIs(Instant time) {
    now = time;
  }

  public synchronized Instant time() {
    return now;
  }

  /** Answers so many calls with 503. */
  public void isSilentFor(int calls) {
    silent.set(calls);
  }

  public synchronized void answersInstead(int status, String body) {
    instead = new MockResponse(status, Headers.of(), body);
  }

  /** Method and path of each call. */
  public synchronized List<String> seen() {
    return List.copyOf(seen);
  }

  public synchronized List<ObjectNode> requests() {
    return List.copyOf(requests.values());
  }

  synchronized MockResponse answer(RecordedRequest request) {
    String path = String.valueOf(request.getUrl().encodedPath());
    seen.add(request.getMethod() + " " + path);
    if (silent.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return response(503, json.createObjectNode());
    }
    if (instead != null) {
      return instead;
    }
    if (!("Bearer " + token).equals(request.getHeaders().get("Authorization"))) {
      return response(401, error("invalid token"));
    }
    if (request.getMethod().equals("POST") && path.equals(PATH)) {
      return create(request);
    }
    ObjectNode known = requests.get(path.substring(path.lastIndexOf('/') + 1));
    if (known == null) {
      return response(404, error("deploy approval request not found"));
    }
    onRead.accept(known, ++looks);
    return response(200, known);
  }

  private MockResponse create(RecordedRequest request) {
    JsonNode body;
    try {
      body = json.readTree(String.valueOf(request.getBody().utf8()));
    } catch (IOException e) {
      return response(400, error("invalid payload"));
    }
    for (String needed : List.of("message", "app", "git_commit_hash")) {
      if (body.path(needed).asText("").isBlank()) {
        return response(400, error(needed + " is required"));
      }
    }
    onRequest.accept(++asked);
    for (ObjectNode other : requests.values()) {
      if (other.path("git_commit_hash").equals(body.path("git_commit_hash")) && active(other)) {
        return response(409, other);
      }
    }
    ObjectNode made = body.deepCopy();
    String id = "dar-" + (requests.size() + 1);
    made.put("public_id", id).put("status", "pending");
    requests.put(id, made);
    return response(201, made);
  }

  private boolean active(ObjectNode request) {
    String status = request.path("status").asText();
    return status.equals("pending") || (status.equals("approved") && !over(request));
  }

  private boolean over(ObjectNode request) {
    try {
      return !Instant.parse(request.path("approval_expires_at").asText()).isAfter(now);
    } catch (DateTimeParseException e) {
      return true;
    }
  }

  private ObjectNode error(String text) {
    return json.createObjectNode().put("error", text);
  }

  private MockResponse response(int status, JsonNode body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .setHeader("Date", httpDate(now))
        .body(body.toString())
        .build();
  }

  private static String httpDate(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  @Override
  public void close() {
    server.close();
  }
}
