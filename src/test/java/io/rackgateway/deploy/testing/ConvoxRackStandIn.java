package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.testing.RackApp.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Credentials;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A Convox rack, version 3, on 127.0.0.1 with the app {@code gateway}, and the same behind a Rack
 * Gateway's proxy. What it answers follows Convox' own source.
 *
 * <p>Time in it passes by looking: each look at the app or at the list of its processes, and each
 * {@link #advance()}, lets a rollout take one step (a process starts, becomes ready and replaces an
 * old one, goes), and a build ends after a number of looks at it. So nothing in it depends on a
 * clock, and a client that does not look sees nothing happen.
 *
 * <p>It logs each change of the app's state, as racks on AWS do; that is in the app's log alone,
 * and there from the beginning of the rollout on.
 *
 * <p>As a rack does, it names the release that was promoted as the app's at once, while the rollout
 * is still under way; answers errors as JSON only to those who accept it, and as text otherwise;
 * lets each object exist that it is asked for by {@code HEAD}; lets a WebSocket open whatever is
 * wrong, and says it there; ends a WebSocket by an empty binary frame, and leaves the closing to
 * the client; and gives the exit code 0, and only then the error, for a command in a process that
 * does not exist.
 *
 * <p>It does not: check manifests, or look at anything in them but images, counts, ports and
 * resources; pull, build or run anything; keep the surge and the minimum that a promotion asks for
 * (it records them) or its timeout; know more than one app; change an app's parameters; go by
 * {@code Since}, {@code Filter} and {@code Prefix} of logs (it records them); read what is typed
 * into a command; list terminating processes; export and import resources, which {@link
 * RackStandIn} does. It demands the header {@code Version}, which only a rack of version 2 does. Of
 * a gateway it has the tokens, the masks of secrets, the answers to those who need a second factor
 * or an approval, and no roles, limits or audit log.
 */
public final class ConvoxRackStandIn implements AutoCloseable {

  public static final String TOKEN = "rack/t@ken";
  public static final String GATEWAY_TOKEN = "rgw_gateway-token";
  public static final String APP = "gateway";

  /** What a gateway shows instead of a secret. */
  public static final String MASK = "********************";

  /**
   * A release.
   *
   * @param env lines of {@code KEY=VALUE}
   */
  public record Release(
      String id, String build, String env, String manifest, String description, Instant created) {}

  /**
   * A process of a service that runs.
   *
   * @param version the tag of the service's image in the manifest of its release, or empty
   */
  public record Running(String id, String service, String release, String version) {}

  /** A release that was promoted, with the form it was promoted with. */
  public record Promotion(String release, Map<String, String> form) {}

  /** Runs a command inside a process. */
  @FunctionalInterface
  public interface Exec {
    /**
     * Runs a command.
     *
     * @param release of the process
     * @param out takes the output, piece by piece
     * @return the exit code
     */
    int run(String command, String release, Consumer<String> out) throws Exception;
  }

  private final MockWebServer server = new MockWebServer();
  private final @Nullable HeldCertificate certificate;
  // All of the following only under the lock on the app.
  private final RackApp app;
  private final RackJson json;
  private final RackStreams streams;
  private final RackGateway gateway = new RackGateway();
  private final List<String> calls = new ArrayList<>();
  private final List<Promotion> promotions = new ArrayList<>();
  private Duration latency = Duration.ZERO;
  private int unreachableFor;
  private boolean tokensRefused;
  private volatile @Nullable ApprovalStandIn deployApprovals;

  /** A rack whose app runs a first release with this manifest and environment. */
  public ConvoxRackStandIn(String manifest, String env) throws IOException {
    this(manifest, env, null);
  }

  private ConvoxRackStandIn(String manifest, String env, @Nullable HeldCertificate certificate)
      throws IOException {
    this.certificate = certificate;
    app = new RackApp(APP, manifest, env);
    app.changed();
    json = new RackJson(app);
    streams = new RackStreams(app);
    app.onState = line -> streams.log("", line);
    server.setProtocols(List.of(Protocol.HTTP_1_1));
    if (certificate != null) {
      HandshakeCertificates own =
          new HandshakeCertificates.Builder().heldCertificate(certificate).build();
      server.useHttps(own.sslSocketFactory());
    }
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  /** The same with TLS, with a certificate that nobody has signed. */
  public static ConvoxRackStandIn withTls(String manifest, String env) throws IOException {
    return new ConvoxRackStandIn(
        manifest,
        env,
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build());
  }

  /** The certificate as PEM. */
  public String certificate() {
    if (certificate == null) {
      throw new IllegalStateException("no TLS");
    }
    return certificate.certificatePem();
  }

  /** As in {@code RACK_URL}. */
  public String url() {
    String token = URLEncoder.encode(TOKEN, StandardCharsets.UTF_8);
    return scheme() + "convox:" + token + "@127.0.0.1:" + server.getPort();
  }

  /** Of the gateway in front of it, without the path of its proxy. */
  public String gatewayUrl() {
    return scheme() + "127.0.0.1:" + server.getPort();
  }

  private String scheme() {
    return certificate == null ? "http://" : "https://";
  }

  // ---- what a test sees of it

  /**
   * Each call that arrived: method ({@code SOCKET} for a WebSocket), path without the gateway's
   * prefix and with the query, the form's fields in the order of their names, headers that are
   * parameters in brackets.
   */
  public List<String> calls() {
    synchronized (app) {
      return List.copyOf(calls);
    }
  }

  /** The processes of services that run. */
  public List<Running> running() {
    synchronized (app) {
      return app.running();
    }
  }

  /** Ids of all one-off processes that have not been stopped. */
  public List<String> oneOffs() {
    synchronized (app) {
      return app.processes.stream().filter(p -> p.single).map(p -> p.id).toList();
    }
  }

  public String activeRelease() {
    synchronized (app) {
      return app.active;
    }
  }

  /** {@code running}, {@code updating} or {@code rollback}. */
  public String status() {
    synchronized (app) {
      return app.status;
    }
  }

  /** All releases, newest first, with nothing masked. */
  public List<Release> releases() {
    synchronized (app) {
      return app.newest();
    }
  }

  public List<Promotion> promotions() {
    synchronized (app) {
      return List.copyOf(promotions);
    }
  }

  /** The files of the source that was uploaded last, by name; a link is told as its target. */
  public Map<String, String> source() throws IOException {
    synchronized (app) {
      String key =
          app.objects.keySet().stream()
              .filter(each -> each.startsWith("tmp/"))
              .reduce((before, last) -> last)
              .orElseThrow();
      return RackManifest.files(app.objects.get(key));
    }
  }

  /** Keys of the objects that were uploaded and not deleted. */
  public Set<String> objects() {
    synchronized (app) {
      return Set.copyOf(app.objects.keySet());
    }
  }

  // ---- what a test lets happen

  /**
   * Called with the processes that run, now and whenever that changes, while the rack answers
   * nobody else.
   */
  public void onProcesses(Consumer<List<Running>> hook) {
    synchronized (app) {
      app.onProcesses = hook;
      hook.accept(app.running());
    }
  }

  /** What runs commands from now on; the rack goes on answering meanwhile. */
  public void onExec(Exec handler) {
    synchronized (app) {
      streams.exec = handler;
    }
  }

  /** Lets one step of a rollout happen, as a look at the app does. */
  public void advance() {
    synchronized (app) {
      app.step();
    }
  }

  /** Whether only {@link #advance()} lets a rollout take its steps. */
  public void stepsByHand(boolean byHand) {
    synchronized (app) {
      app.byHand = byHand;
    }
  }

  /** How many steps of a rollout each look lets happen. */
  public void stepsPerLook(int steps) {
    synchronized (app) {
      app.stepsPerLook = steps;
    }
  }

  /** So many looks at a build say that it is running before one says that it has ended. */
  public void buildTakes(int looks) {
    synchronized (app) {
      app.buildLooks = looks;
    }
  }

  public void buildLog(String... lines) {
    synchronized (app) {
      streams.buildLog = List.of(lines);
    }
  }

  /** Writes into a service's log; those who follow it get the line at once. */
  public void log(String service, String line) {
    synchronized (app) {
      streams.log(service, line);
    }
  }

  /** Locks the app or unlocks it, which keeps nobody from anything but deleting it. */
  public void locked(boolean locked) {
    synchronized (app) {
      app.locked = locked;
    }
  }

  /** Somebody else promotes a release, so that the app is updating for a while. */
  public void promotedByOthers(String release) {
    synchronized (app) {
      app.promote(release, false);
    }
  }

  /** The gateway has these deploy approvals, too. */
  public void deployApprovals(ApprovalStandIn approvals) {
    synchronized (app) {
      deployApprovals = approvals;
    }
  }

  /** Keys whose values the gateway shows as {@link #MASK}, and keeps when they come back so. */
  public void gatewayMasks(String... keys) {
    synchronized (app) {
      gateway.masked = Set.of(keys);
    }
  }

  // ---- misbehaviour; all of it lasts until it is taken back

  /** Well-behaved again in all of the following. */
  public void behave() {
    synchronized (app) {
      latency = Duration.ZERO;
      unreachableFor = 0;
      tokensRefused = false;
      gateway.secondFactor = false;
      gateway.approvals = false;
      streams.buildLogLines = Integer.MAX_VALUE;
      streams.exitCodeMissing = false;
      streams.exitCodeSplit = false;
      streams.execPieces = Integer.MAX_VALUE;
      app.buildFailure = null;
      app.buildReason = "";
      app.fate = RackApp.Fate.WELL;
      app.newStatus = "starting";
      app.staleLooks = 0;
    }
  }

  /** How long each answer is held back. */
  public void latency(Duration each) {
    synchronized (app) {
      latency = each;
    }
  }

  /** Refuses every token. */
  public void refuseTokens() {
    synchronized (app) {
      tokensRefused = true;
    }
  }

  /** Cuts all WebSockets, and closes so many connections without an answer. */
  public void unreachableFor(int connections) {
    synchronized (app) {
      unreachableFor = connections;
      streams.cut();
    }
  }

  /** Cuts all WebSockets, and closes each connection without an answer. */
  public void unreachable() {
    unreachableFor(Integer.MAX_VALUE);
  }

  /**
   * Builds fail.
   *
   * @param reason as in the build; a rack leaves it empty, except for imported images
   * @param error the end of the log
   */
  public void buildsFail(String reason, String error) {
    synchronized (app) {
      app.buildReason = reason;
      app.buildFailure = error;
    }
  }

  /** The logs of builds break off after so many lines. */
  public void buildLogsBreakOffAfter(int lines) {
    synchronized (app) {
      streams.buildLogLines = lines;
    }
  }

  /** Commands end without an exit code, but properly. */
  public void exitCodesAreMissing() {
    synchronized (app) {
      streams.exitCodeMissing = true;
    }
  }

  /** The exit code comes in several frames, torn in the middle of its marker. */
  public void exitCodesAreSplit() {
    synchronized (app) {
      streams.exitCodeSplit = true;
    }
  }

  /** The connection breaks after so many pieces of a command's output; the command goes on. */
  public void execsBreakOffAfter(int pieces) {
    synchronized (app) {
      streams.execPieces = pieces;
    }
  }

  /**
   * New processes of a rollout stay like this, so that it never comes to an end.
   *
   * @param processStatus {@code pending}, {@code starting}, {@code unhealthy}, {@code crashed}
   */
  public void rolloutsGetStuck(String processStatus) {
    synchronized (app) {
      app.fate = RackApp.Fate.STUCK;
      app.newStatus = processStatus;
    }
  }

  /**
   * New processes of a rollout stay like this, upon which the rack brings the old release back.
   *
   * @param processStatus as above
   */
  public void rolloutsAreRolledBack(String processStatus) {
    synchronized (app) {
      app.fate = RackApp.Fate.ROLLED_BACK;
      app.newStatus = processStatus;
    }
  }

  /** The processes of a service that run get this status, {@code crashed} or {@code failed}. */
  public void processesAre(String service, String processStatus) {
    synchronized (app) {
      app.processes.stream()
          .filter(p -> !p.single && p.service.equals(service) && p.status.equals("running"))
          .forEach(p -> p.status = processStatus);
      app.changed();
    }
  }

  /** After a promotion, so many looks at the app still show it as it was before. */
  public void appIsStaleFor(int looks) {
    synchronized (app) {
      app.staleLooks = looks;
    }
  }

  /** The gateway demands a second factor for all that changes anything. */
  public void secondFactorNeeded() {
    synchronized (app) {
      gateway.secondFactor = true;
    }
  }

  /** The gateway refuses what only an approved deployment may do, until one is approved. */
  public void approvalNeeded() {
    synchronized (app) {
      gateway.approvals = true;
    }
  }

  /**
   * Approves a deployment, or lets the approval run out.
   *
   * @param commits that may be built; none when it has run out
   * @param commands that may be run, besides {@code sleep 3600}
   */
  public void approved(Set<String> commits, Set<String> commands) {
    synchronized (app) {
      gateway.approvedCommits = Set.copyOf(commits);
      gateway.approvedCommands = Set.copyOf(commands);
    }
  }

  // ---- the protocol

  private MockResponse answer(RecordedRequest request) {
    ApprovalStandIn asked = deployApprovals;
    if (asked != null && request.getUrl().encodedPath().startsWith(ApprovalStandIn.PATH)) {
      return asked.answer(request);
    }
    synchronized (app) {
      if (unreachableFor > 0) {
        unreachableFor--;
        return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      }
      RackCall call = RackCall.of(request);
      calls.add(call.told());
      MockResponse.Builder response;
      try {
        MockResponse.Builder refused = refused(call);
        response = refused != null ? refused : route(call);
      } catch (Refusal e) {
        response = call.socket() ? streams.refusal(call, e) : refusal(call, e);
      }
      return response.headersDelay(latency.toMillis(), TimeUnit.MILLISECONDS).build();
    }
  }

  /** What a rack, or the gateway before it, does not let pass. */
  private MockResponse.@Nullable Builder refused(RackCall call) {
    String expected =
        call.gateway()
            ? "Bearer " + GATEWAY_TOKEN
            : Credentials.basic("convox", TOKEN, StandardCharsets.UTF_8);
    if (tokensRefused || !call.header("Authorization").equals(expected)) {
      if (call.gateway()) {
        return RackCall.text(401, "{\"error\":\"invalid token\"}");
      }
      throw new Refusal(401, "invalid authentication");
    }
    MockResponse.Builder stopped = call.gateway() ? gateway.stopped(call) : null;
    if (stopped == null && call.header("Version").isEmpty()) {
      throw new Refusal(403, "client version unknown");
    }
    return stopped;
  }

  private static MockResponse.Builder refusal(RackCall call, Refusal e) {
    if (call.header("Accept").contains("application/json")) {
      JsonNode error = JsonNodeFactory.instance.objectNode().put("error", e.getMessage());
      return RackCall.text(e.status, error + "\n");
    }
    return RackCall.text(e.status, e.getMessage() + "\n").setHeader("Content-Type", "text/plain");
  }

  private MockResponse.Builder route(RackCall call) {
    if (call.route().equals("GET /system")) {
      return RackCall.json(json.system());
    }
    if (call.path().size() < 2 || !call.path().get(0).equals("apps")) {
      return RackCall.text(404, "404 page not found\n");
    }
    if (!call.path().get(1).equals(APP)) {
      throw new Refusal(404, "app not found: " + call.path().get(1));
    }
    if (call.path().size() > 3 && call.path().get(2).equals("objects")) {
      return object(call);
    }
    return switch (call.route()) {
      case "GET /apps/*" -> {
        app.look();
        yield RackCall.json(json.app());
      }
      case "POST /apps/*/cancel" -> done(app::cancel);
      case "POST /apps/*/builds" -> RackCall.json(json.of(app.build(call.form())));
      case "GET /apps/*/builds" -> list(app.newestBuilds(), call, json::of);
      case "GET /apps/*/builds/*" -> {
        app.look(app.build(call.id()));
        yield RackCall.json(json.of(app.build(call.id())));
      }
      case "SOCKET /apps/*/builds/*/logs" -> streams.buildLogs(call);
      case "POST /apps/*/releases" -> RackCall.json(shown(call, app.release(form(call))));
      case "GET /apps/*/releases" -> list(app.newest(), call, release -> shown(call, release));
      case "GET /apps/*/releases/*" -> RackCall.json(shown(call, app.release(call.id())));
      case "POST /apps/*/releases/*/promote" ->
          done(
              () -> {
                app.promote(call.id(), "true".equals(call.form().get("force")));
                promotions.add(new Promotion(call.id(), Map.copyOf(call.form())));
              });
      case "GET /apps/*/processes" -> {
        app.look();
        yield RackCall.json(json.processes(call.query("service"), call.query("release")));
      }
      case "GET /apps/*/processes/*" -> RackCall.json(json.of(app.process(call.id())));
      case "DELETE /apps/*/processes/*" -> done(() -> app.stop(app.process(call.id())));
      case "SOCKET /apps/*/processes/*/exec" -> streams.exec(call);
      case "POST /apps/*/services/*/processes" -> {
        String release = call.header("Release");
        String of = release.isEmpty() ? app.active : release;
        yield RackCall.json(json.of(app.run(call.id(), of, call.header("Command"))));
      }
      case "GET /apps/*/services" -> RackCall.json(json.services());
      case "PUT /apps/*/services/*" -> done(() -> app.scale(call.id(), call.form().get("count")));
      case "GET /apps/*/resources" -> RackCall.json(json.resources());
      case "SOCKET /apps/*/logs" -> streams.logs(call, "");
      case "SOCKET /apps/*/services/*/logs" -> streams.logs(call, call.id());
      default -> RackCall.text(404, "404 page not found\n");
    };
  }

  private static MockResponse.Builder done(Runnable action) {
    action.run();
    return RackCall.text(200, "ok\n");
  }

  private static <T> MockResponse.Builder list(
      List<T> newest, RackCall call, Function<T, JsonNode> shown) {
    String limit = call.query("limit");
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    newest.stream()
        .limit(limit.isEmpty() ? 10 : Integer.parseInt(limit))
        .forEach(each -> list.add(shown.apply(each)));
    return RackCall.json(list);
  }

  private JsonNode shown(RackCall call, Release release) {
    ObjectNode node = json.of(release);
    return call.gateway() ? gateway.masked(node) : node;
  }

  private Map<String, String> form(RackCall call) {
    return call.gateway()
        ? RackGateway.unmasked(call.form(), app.newest().get(0).env())
        : call.form();
  }

  private MockResponse.Builder object(RackCall call) {
    String key = String.join("/", call.path().subList(3, call.path().size()));
    byte[] known = app.objects.get(key);
    switch (call.method()) {
      case "POST" -> {
        ByteString body = call.request().getBody();
        app.objects.put(key, body == null ? new byte[0] : body.toByteArray());
        // With a capital letter: the rack's own type has no other name for it.
        String url = "object://" + APP + "/" + key;
        return RackCall.json(JsonNodeFactory.instance.objectNode().put("Url", url));
      }
      case "HEAD" -> {
        return RackCall.text(200, "");
      }
      case "GET", "DELETE" -> {
        if (known == null) {
          throw new Refusal(404, "object not found: " + key);
        }
        return call.method().equals("GET")
            ? new MockResponse.Builder().body(new Buffer().write(known))
            : done(() -> app.objects.remove(key));
      }
      default -> {
        return RackCall.text(405, "");
      }
    }
  }

  @Override
  public void close() {
    synchronized (app) {
      streams.close();
    }
    server.close();
  }
}
