package io.rackgateway.deploy.verify.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a browser that speaks the Chrome DevTools Protocol, version 1.3: numbered calls,
 * their answers, and events in between, each one JSON text.
 */
final class DevTools implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int NORMAL = 1_000;

  private final ObjectMapper json = new ObjectMapper();
  private final Waits waits;
  private final Waits.Wakeup changed = new Waits.Wakeup();
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, JsonNode> answers = new ConcurrentHashMap<>();
  private final WebSocket socket;
  private volatile @Nullable PageWatch page;
  private volatile @Nullable String failure;

  /**
   * @param endpoint where the browser listens: {@code ws://127.0.0.1:1234/devtools/browser/…}
   */
  DevTools(OkHttpClient http, String endpoint, Waits waits) {
    this.waits = waits;
    OkHttpClient unlimited =
        http.newBuilder().readTimeout(Duration.ZERO).callTimeout(Duration.ZERO).build();
    this.socket =
        unlimited.newWebSocket(new Request.Builder().url(endpoint).build(), new Receiver());
  }

  /** Signalled whenever the browser has said something. */
  Waits.Wakeup changed() {
    return changed;
  }

  /** Opens an empty page whose events are watched, and returns the session to drive it by. */
  String openPage(PageWatch watch, Duration limit) {
    String target =
        call("Target.createTarget", null, "url", "about:blank", limit)
            .map(result -> result.path("targetId").asText())
            .orElseThrow(() -> silent("Target.createTarget"));
    ObjectNode attach = json.createObjectNode().put("targetId", target).put("flatten", true);
    String session =
        call("Target.attachToTarget", null, attach, limit)
            .map(result -> result.path("sessionId").asText())
            .orElseThrow(() -> silent("Target.attachToTarget"));
    page = watch;
    for (String method : List.of("Page.enable", "Runtime.enable", "Network.enable")) {
      if (call(method, session, json.createObjectNode(), limit).isEmpty()) {
        throw silent(method);
      }
    }
    return session;
  }

  private static DeployException.StepFailed silent(String method) {
    return new DeployException.StepFailed(
        "the browser did not answer " + method + " in time", "raise verify.browser.timeout");
  }

  /** A call with one parameter; empty where no answer comes in time. */
  Optional<JsonNode> call(
      String method, @Nullable String session, String name, String value, Duration limit) {
    return call(method, session, json.createObjectNode().put(name, value), limit);
  }

  private Optional<JsonNode> call(
      String method, @Nullable String session, ObjectNode parameters, Duration limit) {
    int id = calls.incrementAndGet();
    ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.send(message.toString());
    return waits
        .until("the browser", limit, POLL, changed, () -> answer(id))
        .map(
            answer -> {
              if (answer.has("error")) {
                throw new DeployException.StepFailed(
                    "the browser refused "
                        + method
                        + ": "
                        + answer.path("error").path("message").asText(),
                    "use a newer Chromium or Chrome");
              }
              return answer.path("result");
            });
  }

  private Optional<JsonNode> answer(int id) {
    String broken = failure;
    if (broken != null) {
      throw new DeployException.StepFailed(
          "the connection to the browser broke: " + broken, "run the same command again");
    }
    return Optional.ofNullable(answers.remove(id));
  }

  private final class Receiver extends WebSocketListener {
    @Override
    public void onMessage(WebSocket webSocket, String text) {
      try {
        JsonNode message = json.readTree(text);
        PageWatch watch = page;
        if (message.has("id")) {
          answers.put(message.path("id").asInt(), message);
        } else if (watch != null) {
          watch.event(message.path("method").asText(), message.path("params"));
        }
      } catch (JsonProcessingException e) {
        failure = "it did not send JSON";
      }
      changed.signal();
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      failure = "the browser closed it";
      changed.signal();
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable t, @Nullable Response response) {
      failure = String.valueOf(t.getMessage());
      changed.signal();
    }
  }

  @Override
  public void close() {
    socket.close(NORMAL, null);
    socket.cancel();
  }
}
