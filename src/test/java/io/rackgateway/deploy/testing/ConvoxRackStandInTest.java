package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.testing.ConvoxRackStandIn.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConvoxRackStandInTest {

  private static final String MANIFEST =
      """
      services:
        gateway:
          image: registry.test/rack-gateway:${IMAGE_TAG}
          port: 8080
          scale: {count: 2}
        admin:
          image: registry.test/rack-gateway:${IMAGE_TAG}
          scale: {count: 0}
      resources:
        database: {type: postgres}
      """;
  private static final String EXIT = "F1E49A85-0AD7-4AEF-A618-C249C6E6568D:";
  private static final String END = "<end>";
  private static final String BROKEN = "<broken>";

  private final OkHttpClient client = new OkHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private ConvoxRackStandIn rack;

  private record Answer(int status, String text, Map<String, List<String>> headers) {}

  @BeforeEach
  void start() throws IOException {
    rack = new ConvoxRackStandIn(MANIFEST, "IMAGE_TAG=v1.0.0\nSECRET=s3cret");
  }

  @AfterEach
  void stop() {
    rack.close();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  @Test
  void tellsOfTheRackItsAppServicesAndResources() throws IOException {
    assertThat(get("/system").path("version").asText()).startsWith("3.");
    JsonNode app = get("/apps/gateway");
    assertThat(app.path("status").asText()).isEqualTo("running");
    assertThat(app.path("release").asText()).isEqualTo(rack.activeRelease()).matches("R[A-Z]{10}");
    assertThat(get("/apps/gateway/services").findValuesAsText("name"))
        .containsExactly("gateway", "admin");
    assertThat(get("/apps/gateway/services").findValuesAsText("count")).containsExactly("2", "0");
    assertThat(get("/apps/gateway/resources").findValuesAsText("type")).containsExactly("postgres");
    assertThat(get("/apps/gateway/processes").findValuesAsText("status"))
        .containsExactly("running", "running");
  }

  @Test
  void refusesAsARackAndAsAGatewayDo() throws IOException {
    assertThat(call("GET", "/apps/other", null).text())
        .isEqualTo("{\"error\":\"app not found: other\"}\n");
    Request plain = request("/apps/other").removeHeader("Accept").build();
    assertThat(answer(plain))
        .extracting(Answer::status, Answer::text)
        .containsExactly(404, "app not found: other\n");
    rack.refuseTokens();
    assertThat(call("GET", "/system", null).status()).isEqualTo(401);
    assertThat(frames(request("/apps/gateway/logs")))
        .containsExactly("ERROR: invalid authentication\n", END);
    Request throughGateway = gateway("/system").build();
    assertThat(answer(throughGateway).text()).isEqualTo("{\"error\":\"invalid token\"}");
  }

  @Test
  void buildsWhatWasUploaded() throws IOException {
    rack.buildTakes(2);
    JsonNode build = build(MANIFEST.replace("count: 2", "count: 1"), "run 1");
    assertThat(build.path("id").asText()).matches("B[A-Z]{10}");
    String path = "/apps/gateway/builds/" + build.path("id").asText();
    assertThat(get(path).path("status").asText()).isEqualTo("running");
    assertThat(frames(request(path + "/logs"))).endsWith(END).hasSizeGreaterThan(1);
    assertThat(get(path).path("release").asText()).isEmpty();
    JsonNode done = get(path);
    assertThat(done.path("status").asText()).isEqualTo("complete");

    JsonNode release = get("/apps/gateway/releases/" + done.path("release").asText());
    assertThat(release.path("description").asText()).isEqualTo("run 1");
    assertThat(release.path("env").asText()).isEqualTo("IMAGE_TAG=v1.0.0\nSECRET=s3cret");
    assertThat(release.path("manifest").asText()).contains("count: 1");
    assertThat(get("/apps/gateway/releases?limit=1").findValuesAsText("id"))
        .containsExactly(release.path("id").asText());
    assertThat(rack.activeRelease()).isNotEqualTo(release.path("id").asText());
    assertThat(rack.calls())
        .contains(
            "POST /apps/gateway/builds description=run 1 url=object://gateway/tmp/a/source.tgz");
  }

  @Test
  void failsToBuild() throws IOException {
    rack.buildsFail("", "no space left on device");
    JsonNode build = build(MANIFEST, "");
    String path = "/apps/gateway/builds/" + build.path("id").asText();
    assertThat(get(path).path("status").asText()).isEqualTo("running");
    assertThat(get(path).path("status").asText()).isEqualTo("failed");
    assertThat(frames(request(path + "/logs"))).endsWith("ERROR: no space left on device\n", END);
    assertThat(rack.releases()).hasSize(1);

    rack.behave();
    JsonNode other =
        json.readTree(
            form(
                    "POST",
                    "/apps/gateway/builds",
                    "url",
                    "object://gateway/tmp/a/source.tgz",
                    "manifest",
                    "other.yml")
                .text());
    path = "/apps/gateway/builds/" + other.path("id").asText();
    get(path);
    assertThat(get(path).path("status").asText()).isEqualTo("failed");
    assertThat(frames(request(path + "/logs")))
        .contains("ERROR: open other.yml: no such file or directory\n");
  }

  @Test
  void doesNotPromoteWhatItCannotRead() throws IOException {
    String first = rack.activeRelease();
    assertThat(promote(release("env", "OTHER=1")).text()).contains("yaml: ");
    assertThat(rack.activeRelease()).isEqualTo(first);
    assertThat(rack.status()).isEqualTo("running");
  }

  @Test
  void breaksOffALogOfABuild() throws IOException {
    rack.buildLog("one", "two", "three");
    rack.buildLogsBreakOffAfter(2);
    String path = "/apps/gateway/builds/" + build(MANIFEST, "").path("id").asText();
    assertThat(frames(request(path + "/logs"))).endsWith(BROKEN).doesNotContain("three\n");
  }

  @Test
  void rollsOutOneProcessAfterTheOther() throws IOException {
    List<List<String>> seen = new ArrayList<>();
    rack.onProcesses(running -> seen.add(running.stream().map(Running::version).toList()));
    String release = release("env", "IMAGE_TAG=v1.1.0\nNEW=1");
    assertThat(rack.releases().get(0).description())
        .isEqualTo("env add:NEW change:IMAGE_TAG remove:SECRET");

    assertThat(promote(release, "min", "100", "timeout", "300").text()).isEqualTo("ok\n");
    assertThat(promote(release).text()).contains("app is currently updating");
    JsonNode during = get("/apps/gateway");
    assertThat(during.path("status").asText()).isEqualTo("updating");
    assertThat(during.path("release").asText()).isEqualTo(release);
    untilRunning();
    assertThat(seen)
        .containsExactly(
            List.of("v1.0.0", "v1.0.0"), List.of("v1.0.0", "v1.1.0"), List.of("v1.1.0", "v1.1.0"));
    assertThat(get("/apps/gateway/processes?service=gateway").findValuesAsText("release"))
        .containsExactly(release, release);
    assertThat(get("/apps/gateway/processes?service=admin")).isEmpty();
    assertThat(rack.promotions().get(0).form()).isEqualTo(Map.of("min", "100", "timeout", "300"));

    String first = rack.releases().get(1).id();
    assertThat(promote(first).text()).contains("can not promote an older release, try rollback");
    String back = release("parent-release", first);
    assertThat(rack.releases().get(0).env()).contains("v1.0.0");
    promote(back);
    untilRunning();
    assertThat(rack.running()).extracting(Running::version).containsExactly("v1.0.0", "v1.0.0");
  }

  @Test
  void bringsTheOldReleaseBack() throws IOException {
    String first = rack.activeRelease();
    rack.rolloutsAreRolledBack("unhealthy");
    promote(release("env", "IMAGE_TAG=v1.1.0"));
    List<String> seen = new ArrayList<>();
    for (JsonNode app = get("/apps/gateway");
        !app.path("status").asText().equals("running");
        app = get("/apps/gateway")) {
      seen.add(app.path("status").asText());
    }
    assertThat(seen).startsWith("updating").endsWith("rollback").doesNotContain("unknown");
    assertThat(get("/apps/gateway").path("release").asText()).isEqualTo(first);
    assertThat(rack.running()).extracting(Running::release).containsExactly(first, first);
  }

  @Test
  void neverEndsARolloutUntilItIsCancelled() throws IOException {
    String first = rack.activeRelease();
    assertThat(post("/apps/gateway/cancel").text()).contains("app is not updating");
    rack.rolloutsGetStuck("crashed");
    promote(release("env", "IMAGE_TAG=v1.1.0"));
    for (int i = 0; i < 20; i++) {
      assertThat(get("/apps/gateway").path("status").asText()).isEqualTo("updating");
    }
    assertThat(get("/apps/gateway/processes").findValuesAsText("status"))
        .containsExactly("running", "running", "crashed");
    post("/apps/gateway/cancel");
    untilRunning();
    assertThat(rack.activeRelease()).isEqualTo(first);
    assertThat(get("/apps/gateway/processes")).hasSize(2);
  }

  @Test
  void scalesAndShowsWhatHasCrashed() throws IOException {
    form("PUT", "/apps/gateway/services/gateway", "count", "0");
    assertThat(rack.running()).isEmpty();
    form("PUT", "/apps/gateway/services/gateway", "count", "1");
    assertThat(rack.running()).isEmpty();
    get("/apps/gateway");
    assertThat(rack.running()).hasSize(1);
    rack.processesAre("gateway", "crashed");
    assertThat(get("/apps/gateway/processes").findValuesAsText("status"))
        .containsExactly("crashed");
  }

  @Test
  void runsCommands() throws IOException {
    rack.onExec(
        (command, release, out) -> {
          out.accept(command + " in " + (release.equals(rack.activeRelease()) ? "ours" : "other"));
          return 3;
        });
    String pid = process();
    String exec = "/apps/gateway/processes/" + pid + "/exec";
    Request.Builder request = request(exec).header("command", "migrate");
    assertThat(frames(request)).first().asString().startsWith(EXIT + "1");
    assertThat(get("/apps/gateway/processes/" + pid).path("status").asText()).isEqualTo("running");
    assertThat(frames(request)).containsExactly("migrate in ours", EXIT + "3\n", END);
    rack.exitCodesAreSplit();
    List<String> torn = frames(request);
    assertThat(torn).hasSizeGreaterThan(3);
    assertThat(String.join("", torn)).isEqualTo("migrate in ours" + EXIT + "3\n" + END);
    rack.behave();
    rack.exitCodesAreMissing();
    assertThat(frames(request)).containsExactly("migrate in ours", END);
    rack.execsBreakOffAfter(0);
    assertThat(frames(request)).containsExactly(BROKEN);

    assertThat(call("DELETE", "/apps/gateway/processes/" + pid, null).status()).isEqualTo(200);
    assertThat(rack.oneOffs()).isEmpty();
    assertThat(frames(request))
        .containsExactly(EXIT + "0\n", "ERROR: pods \"" + pid + "\" not found\n", END);
  }

  @Test
  void followsLogs() throws Exception {
    rack.log("gateway", "first");
    rack.log("admin", "other");
    Request.Builder last = request("/apps/gateway/logs").header("Tail", "1");
    assertThat(frames(last)).containsExactly("other\n", END);
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    Request.Builder follow = request("/apps/gateway/services/gateway/logs");
    WebSocket socket = open(follow.header("Follow", "true"), frames);
    assertThat(frames.poll(10, TimeUnit.SECONDS)).isEqualTo("first\n");
    rack.log("admin", "another");
    rack.log("gateway", "second");
    assertThat(frames.poll(10, TimeUnit.SECONDS)).isEqualTo("second\n");
    rack.unreachableFor(1);
    assertThat(frames.poll(10, TimeUnit.SECONDS)).isEqualTo(BROKEN);
    socket.cancel();
  }

  @Test
  void cannotBeReached() throws IOException {
    rack.unreachable();
    assertThatThrownBy(() -> get("/apps/gateway")).isInstanceOf(IOException.class);
    rack.behave();
    assertThat(get("/apps/gateway").path("status").asText()).isEqualTo("running");
    assertThat(rack.calls()).containsExactly("GET /apps/gateway");
  }

  @Test
  void showsNoSecretsThroughAGatewayAndKeepsThem() throws IOException {
    rack.gatewayMasks("SECRET");
    JsonNode masked = json.readTree(answer(gateway("/apps/gateway/releases").build()).text());
    String env = masked.get(0).path("env").asText();
    assertThat(env).isEqualTo("IMAGE_TAG=v1.0.0\nSECRET=" + ConvoxRackStandIn.MASK);
    RequestBody body = new FormBody.Builder().add("env", env.replace("v1.0", "v1.1")).build();
    answer(gateway("/apps/gateway/releases").post(body).build());
    assertThat(rack.releases().get(0).env()).isEqualTo("IMAGE_TAG=v1.1.0\nSECRET=s3cret");
  }

  @Test
  void demandsASecondFactorOrAnApproval() throws IOException {
    Request promote =
        gateway("/apps/gateway/releases/" + rack.activeRelease() + "/promote")
            .post(RequestBody.EMPTY)
            .build();
    rack.secondFactorNeeded();
    Answer factor = answer(promote);
    assertThat(factor.status()).isEqualTo(401);
    assertThat(factor.headers()).containsEntry("x-mfa-required", List.of("true"));
    rack.behave();
    rack.approvalNeeded();
    assertThat(answer(promote))
        .extracting(Answer::status, Answer::text)
        .containsExactly(403, "You don't have permission to promote releases.\n");
    rack.approved(Set.of("abc"), Set.of("migrate"));
    assertThat(answer(promote).status()).isEqualTo(200);
    rack.approved(Set.of(), Set.of());
    assertThat(answer(promote).status()).isEqualTo(403);
    assertThat(promote(rack.activeRelease(), "force", "true").status()).isEqualTo(200);
  }

  @Test
  void letsOnlyApprovedCommitsAndCommandsThrough() throws IOException {
    rack.approved(Set.of("abc"), Set.of("migrate"));
    assertThat(answer(built("def")).text())
        .isEqualTo("{\"error\":\"deployment approval required for git commit def\"}");
    assertThat(answer(built("abc")).status()).isEqualTo(200);
    rack.approvalNeeded();
    assertThat(answer(started("rm -r /")).text())
        .isEqualTo("{\"error\":\"command not approved: rm -r /\"}");
    assertThat(answer(started("sleep 3600")).status()).isEqualTo(200);
  }

  private Request built(String commit) {
    RequestBody body = new FormBody.Builder().add("git-sha", commit).build();
    return gateway("/apps/gateway/builds").post(body).build();
  }

  private Request started(String command) {
    return gateway("/apps/gateway/services/admin/processes")
        .header("Command", command)
        .post(RequestBody.EMPTY)
        .build();
  }

  @Test
  void isSlowAndStale() throws IOException {
    String first = rack.activeRelease();
    rack.appIsStaleFor(1);
    String release = release("env", "IMAGE_TAG=v1.1.0");
    promote(release);
    assertThat(get("/apps/gateway").path("release").asText()).isEqualTo(first);
    assertThat(get("/apps/gateway").path("release").asText()).isEqualTo(release);
    rack.latency(Duration.ofMillis(30));
    long start = System.nanoTime();
    get("/system");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(29));
  }

  @Test
  void takesStepsByHand() throws IOException {
    rack.stepsByHand(true);
    promote(release("env", "IMAGE_TAG=v1.1.0"));
    for (int i = 0; i < 10; i++) {
      get("/apps/gateway");
    }
    assertThat(rack.running()).extracting(Running::version).containsOnly("v1.0.0");
    while (!rack.status().equals("running")) {
      rack.advance();
    }
    assertThat(rack.running()).extracting(Running::version).containsOnly("v1.1.0");
  }

  @Test
  void hasACertificateOfItsOwn() throws IOException {
    try (ConvoxRackStandIn secure = ConvoxRackStandIn.withTls(MANIFEST, "IMAGE_TAG=v1.0.0")) {
      Request request =
          new Request.Builder()
              .url(secure.gatewayUrl() + "/api/v1/rack-proxy/system")
              .header("Authorization", "Bearer " + ConvoxRackStandIn.GATEWAY_TOKEN)
              .header("Version", "test")
              .build();
      assertThatThrownBy(() -> answer(request)).isInstanceOf(IOException.class);
      X509Certificate pinned = Certificates.decodeCertificatePem(secure.certificate());
      HandshakeCertificates trust =
          new HandshakeCertificates.Builder().addTrustedCertificate(pinned).build();
      OkHttpClient trusting =
          client
              .newBuilder()
              .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
              .build();
      try (Response response = trusting.newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(200);
      }
    }
  }

  // ---- a client

  private JsonNode build(String manifest, String description) throws IOException {
    byte[] source = TarGzBuilder.of("", Map.of("convox.yml", manifest));
    JsonNode object =
        json.readTree(
            call("POST", "/apps/gateway/objects/tmp/a/source.tgz", RequestBody.create(source))
                .text());
    String url = object.path("Url").asText();
    return json.readTree(
        form("POST", "/apps/gateway/builds", "url", url, "description", description).text());
  }

  private String release(String... fields) throws IOException {
    Answer answer = form("POST", "/apps/gateway/releases", fields);
    return json.readTree(answer.text()).path("id").asText();
  }

  private Answer promote(String release, String... fields) throws IOException {
    return form("POST", "/apps/gateway/releases/" + release + "/promote", fields);
  }

  private String process() throws IOException {
    Request start =
        request("/apps/gateway/services/admin/processes")
            .header("Command", "sleep 3600")
            .post(RequestBody.EMPTY)
            .build();
    JsonNode process = json.readTree(answer(start).text());
    assertThat(process.path("status").asText()).isEqualTo("pending");
    return process.path("id").asText();
  }

  private void untilRunning() throws IOException {
    for (int looks = 0; !get("/apps/gateway").path("status").asText().equals("running"); looks++) {
      assertThat(looks).isLessThan(50);
    }
  }

  private JsonNode get(String path) throws IOException {
    return json.readTree(call("GET", path, null).text());
  }

  private Answer post(String path) throws IOException {
    return call("POST", path, RequestBody.EMPTY);
  }

  private Answer form(String method, String path, String... fields) throws IOException {
    FormBody.Builder form = new FormBody.Builder();
    for (int i = 0; i < fields.length; i += 2) {
      form.add(fields[i], fields[i + 1]);
    }
    return call(method, path, form.build());
  }

  private Answer call(String method, String path, @Nullable RequestBody body) throws IOException {
    return answer(request(path).method(method, body).build());
  }

  private Answer answer(Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return new Answer(response.code(), response.body().string(), response.headers().toMultimap());
    }
  }

  private Request.Builder request(String path) {
    String basic = Credentials.basic("convox", ConvoxRackStandIn.TOKEN, StandardCharsets.UTF_8);
    return new Request.Builder()
        .url(rack.gatewayUrl() + path)
        .header("Accept", "application/json")
        .header("Authorization", basic)
        .header("Version", "test");
  }

  private Request.Builder gateway(String path) {
    return request("/api/v1/rack-proxy" + path)
        .header("Authorization", "Bearer " + ConvoxRackStandIn.GATEWAY_TOKEN);
  }

  /** All that comes out of a WebSocket until it ends or breaks. */
  private List<String> frames(Request.Builder request) {
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    WebSocket socket = open(request, frames);
    List<String> all = new ArrayList<>();
    try {
      do {
        String frame = frames.poll(10, TimeUnit.SECONDS);
        assertThat(frame).as("the end after %s", all).isNotNull();
        all.add(String.valueOf(frame));
      } while (!Set.of(END, BROKEN).contains(all.get(all.size() - 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.close(1000, null);
    return all;
  }

  private WebSocket open(Request.Builder request, BlockingQueue<String> frames) {
    return client.newWebSocket(
        request.build(),
        new WebSocketListener() {
          @Override
          public void onMessage(WebSocket socket, String text) {
            frames.add(text);
          }

          @Override
          public void onMessage(WebSocket socket, ByteString bytes) {
            frames.add(END);
          }

          @Override
          public void onFailure(WebSocket socket, Throwable t, @Nullable Response response) {
            frames.add(BROKEN);
          }
        });
  }
}
