package io.rackgateway.deploy.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.config.NotifyConfig;
import io.rackgateway.deploy.config.NotifyConfig.Format;
import io.rackgateway.deploy.config.NotifyConfig.On;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What webhooks get to hear of a run, and what a run gets to hear of webhooks. */
class NoticesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant TIME = Instant.parse("2026-01-15T03:15:00Z");
  private static final String RUN = "20260115-031500-7f3a9c";

  private final MockWebServer server = new MockWebServer();
  private final Secrets secrets = new Secrets();
  private final EventStream stream = new EventStream(Clock.systemUTC());
  private final Cancellation cancellation = new Cancellation();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server.start();
    stream.addListener(record -> events.add(record.event()));
    stream.setRun(new RunId(RUN));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answers(int... codes) {
    for (int code : codes) {
      server.enqueue(new MockResponse.Builder().code(code).build());
    }
  }

  private NotifyConfig json(@Nullable String secret, On... on) {
    return config(Format.JSON, secret, on);
  }

  private NotifyConfig config(Format format, @Nullable String secret, On... on) {
    return new NotifyConfig(
        new Secret(server.url("/hook/planted-path").toString()),
        format,
        secret == null ? null : new Secret(secret),
        on.length == 0 ? List.of(On.values()) : List.of(on));
  }

  private Notices notices(NotifyConfig... configured) {
    Notices notices =
        new Notices(
            List.of(configured),
            new OkHttpClient(),
            secrets,
            stream,
            Clock.systemUTC(),
            cancellation);
    stream.addListener(notices);
    return notices;
  }

  private void begins() {
    stream.emit(new Event.RunStarted("upgrade", "prod", "host", "v1.0.0", "v1.1.0", "ab", false));
  }

  private void ends(ExitCode outcome, String message) {
    stream.emit(
        new Event.RunFinished(
            RunResult.withoutRun(outcome, "upgrade", "prod", Problem.of(message, "look"), TIME)));
  }

  private RecordedRequest request() throws Exception {
    RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    return request;
  }

  private JsonNode body() throws Exception {
    return JSON.readTree(text(request()));
  }

  private static String text(RecordedRequest request) {
    return String.valueOf(request.getBody() == null ? "" : request.getBody().utf8());
  }

  @Test
  void aRunIsToldInTheOrderInWhichItHappens() throws Exception {
    answers(200, 200, 200);
    Notices notices = notices(json(null));

    begins();
    stream.emit(new Event.PhaseFinished(Phase.ROLLOUT, Duration.ZERO, "process 7 has ended"));
    stream.emit(new Event.PhaseStarted(Phase.ROLLBACK));
    ends(ExitCode.UNDONE, "the upgrade failed and was undone");

    assertThat(notices.finish()).isEmpty();
    JsonNode start = body();
    assertThat(start.path("schema").asInt()).isEqualTo(1);
    assertThat(start.path("notice").asText()).isEqualTo("start");
    assertThat(start.path("run").asText()).isEqualTo(RUN);
    assertThat(start.path("gateway").asText()).isEqualTo("prod");
    assertThat(start.path("from").asText()).isEqualTo("v1.0.0");
    assertThat(start.path("to").asText()).isEqualTo("v1.1.0");
    assertThat(start.path("result").isNull()).isTrue();
    JsonNode rollback = body();
    assertThat(rollback.path("notice").asText()).isEqualTo("rollback");
    assertThat(rollback.path("message").asText())
        .isEqualTo("failed in rollout: process 7 has ended");
    JsonNode failure = body();
    assertThat(failure.path("notice").asText()).isEqualTo("failure");
    assertThat(failure.path("result").path("outcome").asText()).isEqualTo("undone");
    assertThat(failure.path("result").path("exitCode").asInt()).isEqualTo(1);
  }

  @Test
  void aWebhookGetsOnlyWhatItAskedFor() throws Exception {
    answers(200);
    Notices notices = notices(json(null, On.SUCCESS));

    begins();
    ends(ExitCode.DONE, "upgraded");

    assertThat(notices.finish()).isEmpty();
    assertThat(body().path("notice").asText()).isEqualTo("success");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aNoticeIsSignedOverItsVeryBytes() throws Exception {
    answers(200);
    Notices notices = notices(json("k3y ü", On.START));

    begins();

    notices.finish();
    RecordedRequest request = request();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("k3y ü".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    StringBuilder expected = new StringBuilder("sha256=");
    for (byte each : mac.doFinal(text(request).getBytes(StandardCharsets.UTF_8))) {
      expected.append(String.format("%02x", each));
    }
    assertThat(request.getHeaders().get("X-Rack-Gateway-Signature")).isEqualTo(expected.toString());
    assertThat(request.getHeaders().get("X-Rack-Gateway-Notice")).isEqualTo("start");
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
  }

  @Test
  void slackGetsAMessageWhoseTextCannotSteerIt() throws Exception {
    answers(200);
    Notices notices = notices(config(Format.SLACK, null, On.FAILURE));

    ends(ExitCode.FAILED, "a <b> & <!channel> broke");

    assertThat(notices.finish()).isEmpty();
    JsonNode message = body();
    assertThat(message.path("text").asText())
        .contains("'prod': upgrade failed", "a &lt;b&gt; &amp; &lt;!channel&gt; broke");
    JsonNode blocks = message.path("blocks");
    assertThat(blocks.get(0).path("type").asText()).isEqualTo("section");
    assertThat(blocks.get(0).path("text").path("type").asText()).isEqualTo("mrkdwn");
    assertThat(blocks.get(0).path("text").path("text").asText())
        .contains("&lt;!channel&gt;")
        .doesNotContain("<");
    assertThat(blocks.get(1).path("text").path("text").asText()).isEqualTo("Next: look");
  }

  @Test
  void aLongMessageFitsIntoASlackSection() throws Exception {
    answers(200);
    Notices notices = notices(config(Format.SLACK, null, On.FAILURE));

    ends(ExitCode.FAILED, "<".repeat(20_000));

    notices.finish();
    for (JsonNode block : body().path("blocks")) {
      assertThat(block.path("text").path("text").asText().length()).isLessThan(3_000);
    }
  }

  @Test
  void secretsAreMaskedInBothForms() throws Exception {
    secrets.add("planted-secret");
    answers(200, 200);
    Notices notices = notices(json(null, On.FAILURE), config(Format.SLACK, null, On.FAILURE));

    ends(ExitCode.FAILED, "it said planted-secret");

    notices.finish();
    assertThat(text(request()) + text(request())).contains("****").doesNotContain("planted-s");
  }

  @Test
  void aBusyServerIsAskedTwiceMore() throws Exception {
    server.enqueue(new MockResponse.Builder().code(429).addHeader("Retry-After", "1").build());
    answers(503, 200);
    Notices notices = notices(json(null, On.START));

    begins();

    assertThat(notices.finish()).isEmpty();
    String first = request().getHeaders().get("X-Rack-Gateway-Delivery");
    request();
    assertThat(request().getHeaders().get("X-Rack-Gateway-Delivery"))
        .as("the same delivery")
        .isEqualTo(first);
  }

  @Test
  void aNoticeThatIsNotTakenIsReportedByTheItemAndNotByTheAddress() throws Exception {
    answers(500, 500, 500);
    Notices notices = notices(json(null, On.APPROVAL), json(null, On.START));

    begins();

    List<String> undelivered = notices.finish();
    assertThat(undelivered)
        .containsExactly(
            "notify[1]: the notice of start was not delivered: the server answered with status"
                + " 500");
    assertThat(events).contains(new Event.Notice(undelivered.get(0)));
    assertThat(server.getRequestCount()).isEqualTo(3);
  }

  @Test
  void aRefusalIsNotRepeated() {
    answers(404);
    Notices notices = notices(json(null, On.START));

    begins();

    assertThat(notices.finish()).singleElement().asString().contains("status 404");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void afterItsEndNothingFollowsInTheStreamOfARun() {
    answers(404);
    Notices notices = notices(json(null, On.SUCCESS));

    ends(ExitCode.DONE, "upgraded");

    assertThat(notices.finish()).hasSize(1);
    assertThat(events.get(events.size() - 1)).isInstanceOf(Event.RunFinished.class);
  }

  @Test
  void aServerThatHangsHoldsNothingUpForLong() {
    for (int i = 0; i < 3; i++) {
      server.enqueue(
          new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    }
    Notices notices = notices(json(null));
    long start = System.nanoTime();

    begins();
    ends(ExitCode.DONE, "upgraded");
    List<String> undelivered = notices.finish();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertThat(undelivered)
        .singleElement()
        .asString()
        .contains("notify[0]: 2 notices were not delivered");
  }

  @Test
  void aServerThatIsNotThereIsReported() {
    Notices notices =
        notices(
            new NotifyConfig(
                new Secret("http://127.0.0.1:1/planted"), Format.JSON, null, List.of(On.START)),
            new NotifyConfig(
                new Secret("planted:no-address"), Format.JSON, null, List.of(On.START)));

    begins();

    assertThat(notices.finish())
        .containsExactly(
            "notify[0]: the notice of start was not delivered: connection refused",
            "notify[1]: the notice of start was not delivered: its url is not an http or https"
                + " address");
  }

  @Test
  void aRunThatWaitsForAnApprovalSaysWhatToAccept() throws Exception {
    answers(200);
    Notices notices = notices(json(null));
    Gate gate =
        Gate.block("release-notes", "v1.1.0 drops support", "accept it")
            .acknowledgedBy(List.of("v1.1.0"));
    stream.emit(new Event.GateEvaluated(gate));

    notices.refused("upgrade", "prod", Problem.of("gate 'release-notes' blocks", "accept it"));

    assertThat(notices.finish()).isEmpty();
    JsonNode notice = body();
    assertThat(notice.path("notice").asText()).isEqualTo("approval");
    assertThat(notice.path("gates").get(0).path("accept").get(0).asText())
        .isEqualTo("release-notes=v1.1.0");
  }

  @Test
  void whatNobodyCanApproveIsAFailure() throws Exception {
    answers(200);
    Notices notices = notices(json(null));
    stream.emit(new Event.GateEvaluated(Gate.block("disk", "the disk is full", "make room")));

    notices.refused("upgrade", "prod", Problem.of("gate 'disk' blocks", "make room"));

    notices.finish();
    JsonNode notice = body();
    assertThat(notice.path("notice").asText()).isEqualTo("failure");
    assertThat(notice.path("result").path("exitCode").asInt()).isEqualTo(3);
  }
}
