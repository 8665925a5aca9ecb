package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * The API server of a cluster with one namespace, {@code prod}, on 127.0.0.1, and what a cluster
 * does behind it: a controller of Deployments that makes ReplicaSets and replaces pods one by one,
 * one of Jobs, and a node that starts pods. Each does one step every 20 ms.
 *
 * <p>It keeps to: names that are taken (409), resource versions, generations, label selectors and
 * the field selectors of names and uids, watches over WebSockets from a resource version on, 410
 * for one that is forgotten, dry runs, server-side apply with owners of container images and
 * conflicts that name them, preconditions of deletions, {@code Retry-After}, bearer tokens, and
 * permissions by verb and resource, which SelfSubjectAccessReview tells.
 *
 * <p>It does not: check objects against a schema or fill in defaults; know managers of other fields
 * than images, or {@code managedFields}; strategic merge patches; bookmarks, pages and consistent
 * reads; parallel Jobs or retries of them; nodes, Services, probes or images. Pods are ready when
 * some steps have passed. More than {@code rack-gateway:TAG} it does not read of an image.
 */
public final class KubernetesStandIn implements AutoCloseable {

  public static final String TOKEN = "k8s-t0ken-that-nobody-may-see";
  public static final String NAMESPACE = "prod";

  /** What becomes of pods of an image. */
  public enum Fault {
    PULL,
    CRASH,
    CONFIG,
    UNSCHEDULABLE,
    NEVER_READY
  }

  /** Runs the command of a Job's pod. */
  @FunctionalInterface
  public interface Exec {
    int run(List<String> command, String image, Map<String, String> env, Consumer<String> out)
        throws Exception;
  }

  /** Answers to a request through a pod's proxy. */
  @FunctionalInterface
  public interface Inside {
    MockResponse ask(String path) throws Exception;
  }

  private record Change(long version, String type, String resource, ObjectNode object) {}

  private record Watch(
      RackSocket socket, String resource, Map<String, String> labels, Map<String, String> fields) {}

  private final ObjectMapper json = new ObjectMapper();
  private final MockWebServer server = new MockWebServer();
  private final ScheduledExecutorService steps = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService jobs = Executors.newCachedThreadPool();
  // All of the following only under the lock on this.
  private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, Integer> ages = new HashMap<>();
  private final Map<String, List<String>> logs = new HashMap<>();
  private final Map<String, Fault> faults = new HashMap<>();
  private final Set<String> forbidden = new HashSet<>();
  private final Set<String> used = new TreeSet<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private long version = 100;
  private long forgotten;
  private int count;
  private int readyAfter = 2;
  private int busy;
  private int requests;
  private @Nullable RuntimeException broken;
  private int busyStatus = 503;
  private Duration latency = Duration.ZERO;
  private @Nullable String quota;
  private @Nullable String webhook;
  private boolean tokensExpired;
  private Exec exec = (command, image, env, out) -> 0;
  private Inside inside = path -> new MockResponse.Builder().code(200).body("{}").build();
  private Consumer<List<String>> onPods = versions -> {};
  private List<String> told = List.of();

  public KubernetesStandIn() throws IOException {
    server.setProtocols(List.of(Protocol.HTTP_1_1));
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            if (!latency.isZero()) {
              TimeUnit.NANOSECONDS.sleep(latency.toNanos());
            }
            try {
              return answer(request);
            } catch (Refusal refusal) {
              return refusal.answer;
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
    put("namespaces", node().set("metadata", node().put("name", NAMESPACE)));
    var unused = steps.scheduleWithFixedDelay(this::step, 20, 20, TimeUnit.MILLISECONDS);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** A kubeconfig with the contexts {@code test} and {@code other}. */
  public String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - {name: here, cluster: {server: "%s"}}
        users:
        - {name: ci, user: {token: %s}}
        contexts:
        - {name: test, context: {cluster: here, user: ci, namespace: prod}}
        - {name: other, context: {cluster: here, user: ci, namespace: elsewhere}}
        current-context: test
        """
        .formatted(url(), TOKEN);
  }

  // What tests arrange

  /** Creates or replaces a Deployment, as {@code kubectl apply} does. */
  public synchronized void apply(String manifest) {
    Object parsed = new Yaml().load(manifest);
    ObjectNode object = json.valueToTree(parsed);
    meta(object).put("namespace", NAMESPACE);
    ObjectNode there = objects.get(key("deployments", meta(object).path("name").asText()));
    meta(object).put("generation", there == null ? 1 : meta(there).path("generation").asLong() + 1);
    if (there != null) {
      object.set("status", there.path("status"));
      meta(object).set("uid", meta(there).path("uid"));
      meta(object).set("annotations", meta(there).path("annotations"));
    }
    put("deployments", object);
  }

  /** Puts any object there. */
  public synchronized void add(String resource, String manifest) {
    Object parsed = new Yaml().load(manifest);
    ObjectNode object = json.valueToTree(parsed);
    meta(object).put("namespace", NAMESPACE);
    put(resource, object);
  }

  /** Pods of this tag go wrong. */
  public synchronized void fault(String tag, Fault fault) {
    faults.put(tag, fault);
  }

  /** How many steps pods take to become ready. */
  public synchronized void readyAfter(int newSteps) {
    readyAfter = newSteps;
  }

  /** Refuses new pods. */
  public synchronized void quota(@Nullable String message) {
    quota = message;
  }

  /** Refuses changes of Deployments. */
  public synchronized void webhook(@Nullable String message) {
    webhook = message;
  }

  /** Forbids, as in {@code patch deployments}. */
  public synchronized void forbid(String verbAndResource) {
    forbidden.add(verbAndResource);
  }

  public synchronized void expireTokens() {
    tokensExpired = true;
  }

  /** Who owns the images, so that applying others is a conflict. */
  public synchronized void owner(String manager) {
    owners.replaceAll((image, owner) -> manager);
    owners.put("", manager);
  }

  /** The next requests are answered so. */
  public synchronized void busy(int requests, int status) {
    busy = requests;
    busyStatus = status;
  }

  public void latency(Duration newLatency) {
    latency = newLatency;
  }

  /** Breaks all watches off. */
  public synchronized void dropWatches() {
    new ArrayList<>(watches).forEach(watch -> watch.socket().breakOff());
    watches.clear();
  }

  /** Forgets what happened so far, so that watches from before are told 410. */
  public synchronized void compact() {
    forgotten = ++version;
    changes.clear();
  }

  public synchronized void onExec(Exec newExec) {
    exec = newExec;
  }

  public synchronized void onInside(Inside newInside) {
    inside = newInside;
  }

  /** Is told the tags of the gateway's pods whenever they change. */
  public synchronized void onPods(Consumer<List<String>> listener) {
    onPods = listener;
  }

  /** What every pod of the gateway has logged. */
  public synchronized void log(String pod, String line) {
    logs.computeIfAbsent(pod, p -> new ArrayList<>()).add(Instant.now() + " " + line);
  }

  /** Changes an object as somebody else would. */
  public synchronized void change(String resource, String name, Consumer<ObjectNode> edit) {
    ObjectNode object = object(resource, name).deepCopy();
    JsonNode before = object.path("spec").deepCopy();
    edit.accept(object);
    generation(object, before);
    put(resource, object);
  }

  // What tests see

  public synchronized ObjectNode object(String resource, String name) {
    ObjectNode found = objects.get(key(resource, name));
    if (found == null) {
      throw new IllegalArgumentException("there is no " + resource + " " + name);
    }
    return found.deepCopy();
  }

  public synchronized List<ObjectNode> all(String resource) {
    List<ObjectNode> found = new ArrayList<>();
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(resource + "/")) {
            found.add(object.deepCopy());
          }
        });
    return found;
  }

  public synchronized String image(String deployment) {
    return object("deployments", deployment).at("/spec/template/spec/containers/0/image").asText();
  }

  /** The tags of pods that run and are not going away. */
  public synchronized List<String> running() {
    return all("pods").stream()
        .filter(pod -> meta(pod).path("deletionTimestamp").isMissingNode())
        .filter(pod -> pod.at("/metadata/labels/pod-template-hash").isTextual())
        .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
        .map(KubernetesStandIn::tag)
        .toList();
  }

  /** The permissions that requests needed: {@code patch apps/deployments}. */
  public synchronized Set<String> used() {
    return new TreeSet<>(used);
  }

  /** Each request that changed something. */
  public List<String> calls() {
    return calls;
  }

  /** How many requests there were. */
  public synchronized int requests() {
    return requests;
  }

  // Requests

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient MockResponse answer;

    Refusal(MockResponse answer) {
      this.answer = answer;
    }
  }

  private Refusal refuse(int code, String reason, String message) {
    return new Refusal(status(code, reason, message, null));
  }

  private MockResponse status(int code, String reason, String message, @Nullable ArrayNode causes) {
    ObjectNode status = node();
    status
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("message", message)
        .put("reason", reason)
        .put("code", code);
    if (causes != null) {
      status.putObject("details").set("causes", causes);
    }
    return answer(code, status);
  }

  private static MockResponse answer(int code, JsonNode body) {
    return new MockResponse.Builder()
        .code(code)
        .setHeader("Content-Type", "application/json")
        .body(body.toString())
        .build();
  }

  private MockResponse answer(RecordedRequest request) throws IOException {
    HttpUrl url = request.getUrl();
    String authorization = request.getHeaders().get("Authorization");
    Inside asked = null;
    synchronized (this) {
      requests++;
      if (broken != null) {
        throw broken;
      }
      if (tokensExpired || !("Bearer " + TOKEN).equals(authorization)) {
        return status(401, "Unauthorized", "Unauthorized", null);
      }
      if (busy > 0) {
        busy--;
        return status(busyStatus, "TooManyRequests", "too many requests", null)
            .newBuilder()
            .setHeader("Retry-After", "1")
            .build();
      }
      List<String> path = new ArrayList<>(url.pathSegments());
      if (path.get(path.size() - 1).equals("selfsubjectaccessreviews")) {
        return review(body(request));
      }
      boolean core = path.get(0).equals("api");
      String group = core ? "" : path.get(1);
      path.subList(0, core ? 2 : 3).clear();
      if (path.isEmpty()) {
        return status(404, "NotFound", "the server could not find the requested resource", null);
      }
      boolean elsewhere = false;
      if (path.size() > 2 && path.get(0).equals("namespaces")) {
        if (!path.get(1).equals(NAMESPACE)) {
          elsewhere = true;
        }
        path.subList(0, 2).clear();
      }
      String resource = path.get(0);
      String name = path.size() > 1 ? path.get(1) : "";
      String sub = path.size() > 2 ? path.get(2) : "";
      String verb = verb(request, url, name);
      String permission = verb + " " + (group.isEmpty() ? "" : group + "/") + resource;
      permission += sub.isEmpty() ? "" : "/" + sub;
      used.add(permission);
      if (forbidden.contains(verb + " " + resource + (sub.isEmpty() ? "" : "/" + sub))) {
        throw refuse(
            403,
            "Forbidden",
            resource
                + (sub.isEmpty() ? "" : "/" + sub)
                + " is forbidden: User \"ci\" cannot "
                + verb
                + " resource \""
                + resource
                + "\" in API group \""
                + group
                + "\" in the namespace \"prod\"");
      }
      if (!verb.equals("get") && !verb.equals("list") && !verb.equals("watch")) {
        calls.add(
            verb
                + " "
                + resource
                + " "
                + name
                + (url.queryParameter("dryRun") == null ? "" : " (dry run)"));
      }
      if (elsewhere) {
        // Lists of a namespace that is not there are empty.
        return verb.equals("list")
            ? answer(
                200,
                node().put("kind", kind(resource) + "List").set("items", json.createArrayNode()))
            : status(404, "NotFound", resource + " \"" + name + "\" not found", null);
      }
      if (sub.equals("log")) {
        return log(name, url);
      }
      if (!sub.equals("proxy")) {
        return route(verb, resource, name, request, url);
      }
      asked = inside;
    }
    try {
      String full = url.encodedPath();
      return asked.ask(full.substring(full.indexOf("/proxy") + 6));
    } catch (Exception e) {
      return status(503, "ServiceUnavailable", "error trying to reach service: " + e, null);
    }
  }

  private static String verb(RecordedRequest request, HttpUrl url, String name) {
    return switch (request.getMethod()) {
      case "POST" -> "create";
      case "PATCH" -> "patch";
      case "PUT" -> "update";
      case "DELETE" -> "delete";
      default ->
          "true".equals(url.queryParameter("watch")) ? "watch" : name.isEmpty() ? "list" : "get";
    };
  }

  private MockResponse review(ObjectNode review) {
    JsonNode asked = review.at("/spec/resourceAttributes");
    String what =
        asked.path("verb").asText()
            + " "
            + asked.path("resource").asText()
            + (asked.has("subresource") ? "/" + asked.path("subresource").asText() : "");
    review.putObject("status").put("allowed", !forbidden.contains(what));
    return answer(201, review);
  }

  private ObjectNode body(RecordedRequest request) throws IOException {
    String text = request.getBody() == null ? "" : request.getBody().utf8();
    return text.isBlank() ? node() : (ObjectNode) json.readTree(text);
  }

  private MockResponse route(
      String verb, String resource, String name, RecordedRequest request, HttpUrl url)
      throws IOException {
    return switch (verb) {
      case "list" -> list(resource, url);
      case "watch" -> watch(resource, request, url);
      case "get" -> answer(200, require(resource, name));
      case "create" -> create(resource, body(request), url);
      case "patch" -> patch(resource, name, request, url);
      case "delete" -> delete(resource, name, body(request));
      default -> throw refuse(405, "MethodNotAllowed", verb + " is not known");
    };
  }

  private ObjectNode require(String resource, String name) {
    ObjectNode found = objects.get(key(resource, name));
    if (found == null) {
      throw refuse(404, "NotFound", resource + " \"" + name + "\" not found");
    }
    return found;
  }

  private MockResponse list(String resource, HttpUrl url) {
    ObjectNode list = node();
    list.put("kind", kind(resource) + "List").put("apiVersion", apiVersion(resource));
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    ArrayNode items = list.putArray("items");
    Map<String, String> labels = selector(url.queryParameter("labelSelector"));
    Map<String, String> fields = selector(url.queryParameter("fieldSelector"));
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(resource + "/") && fits(object, labels, fields)) {
            items.add(object);
          }
        });
    return answer(200, list);
  }

  private static Map<String, String> selector(@Nullable String text) {
    Map<String, String> wanted = new LinkedHashMap<>();
    if (text != null) {
      for (String part : text.split(",", -1)) {
        String[] pair = part.split("=", 2);
        wanted.put(pair[0], pair[1]);
      }
    }
    return wanted;
  }

  private static boolean fits(
      JsonNode object, Map<String, String> labels, Map<String, String> fields) {
    return labels.entrySet().stream()
            .allMatch(
                l ->
                    object
                        .path("metadata")
                        .path("labels")
                        .path(l.getKey())
                        .asText("")
                        .equals(l.getValue()))
        && fields.entrySet().stream()
            .allMatch(
                f -> object.at("/" + f.getKey().replace('.', '/')).asText("").equals(f.getValue()));
  }

  private MockResponse watch(String resource, RecordedRequest request, HttpUrl url) {
    String from = url.queryParameter("resourceVersion");
    long since = from == null || from.isEmpty() ? version : Long.parseLong(from);
    Map<String, String> labels = selector(url.queryParameter("labelSelector"));
    Map<String, String> fields = selector(url.queryParameter("fieldSelector"));
    RackSocket socket =
        new RackSocket(
            opened -> {
              synchronized (this) {
                if (since < forgotten) {
                  ObjectNode gone = node();
                  gone.put("kind", "Status")
                      .put("apiVersion", "v1")
                      .put("status", "Failure")
                      .put("reason", "Expired")
                      .put("message", "too old resource version")
                      .put("code", 410);
                  opened.text(event("ERROR", gone));
                  return;
                }
                Watch watch = new Watch(opened, resource, labels, fields);
                changes.stream()
                    .filter(change -> change.version() > since)
                    .forEach(change -> tell(watch, change));
                watches.add(watch);
              }
            },
            closed -> {
              synchronized (this) {
                watches.removeIf(watch -> watch.socket() == closed);
              }
            });
    return socket.upgrade(request).build();
  }

  private String event(String type, ObjectNode object) {
    ObjectNode event = node();
    event.put("type", type).set("object", object);
    return event.toString();
  }

  private void tell(Watch watch, Change change) {
    if (watch.resource().equals(change.resource())
        && fits(change.object(), watch.labels(), watch.fields())) {
      watch.socket().text(event(change.type(), change.object()));
    }
  }

  private MockResponse create(String resource, ObjectNode object, HttpUrl url) {
    String name = meta(object).path("name").asText();
    if (objects.containsKey(key(resource, name))) {
      throw refuse(409, "AlreadyExists", resource + " \"" + name + "\" already exists");
    }
    if (url.queryParameter("dryRun") == null) {
      meta(object).put("namespace", NAMESPACE).put("generation", 1);
      put(resource, object);
      return answer(201, objects.get(key(resource, name)));
    }
    return answer(201, object);
  }

  private MockResponse patch(String resource, String name, RecordedRequest request, HttpUrl url)
      throws IOException {
    ObjectNode object = require(resource, name).deepCopy();
    if (webhook != null) {
      throw refuse(
          403,
          "Forbidden",
          "admission webhook \"policy.example.com\" denied the request: " + webhook);
    }
    JsonNode before = object.path("spec").deepCopy();
    String type = String.valueOf(request.getHeaders().get("Content-Type"));
    String text = request.getBody() == null ? "" : request.getBody().utf8();
    boolean dry = url.queryParameter("dryRun") != null;
    if (type.startsWith("application/apply-patch+yaml")) {
      String manager = url.queryParameter("fieldManager");
      if (manager == null) {
        throw refuse(400, "BadRequest", "fieldManager is required for apply patch");
      }
      applied(object, json.readTree(text), manager, url, dry);
    } else if (type.startsWith("application/json-patch+json")) {
      for (JsonNode operation : json.readTree(text)) {
        if (!operation.path("op").asText().equals("replace")) {
          throw refuse(400, "BadRequest", "only replace is known");
        }
        String at = operation.path("path").asText();
        ObjectNode parent = (ObjectNode) object.at(at.substring(0, at.lastIndexOf('/')));
        parent.set(at.substring(at.lastIndexOf('/') + 1), operation.path("value"));
      }
    } else if (type.startsWith("application/merge-patch+json")) {
      merge(object, json.readTree(text));
    } else {
      throw refuse(415, "UnsupportedMediaType", type + " is not known");
    }
    if (!dry) {
      generation(object, before);
      put(resource, object);
    }
    return answer(200, dry ? object : objects.get(key(resource, name)));
  }

  private void applied(
      ObjectNode object, JsonNode wanted, String manager, HttpUrl url, boolean dry) {
    ArrayNode causes = json.createArrayNode();
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : wanted.at("/spec/template/spec/" + list)) {
        ObjectNode there = null;
        for (JsonNode candidate : object.at("/spec/template/spec/" + list)) {
          if (candidate.path("name").equals(container.path("name"))) {
            there = (ObjectNode) candidate;
          }
        }
        if (there == null) {
          throw refuse(422, "Invalid", "spec.template.spec.containers: no such container");
        }
        String place = container.path("name").asText();
        String owner =
            owners.getOrDefault(place, owners.getOrDefault("", "kubectl-client-side-apply"));
        boolean same = there.path("image").equals(container.path("image"));
        if (!same && !owner.equals(manager) && !"true".equals(url.queryParameter("force"))) {
          causes
              .addObject()
              .put("reason", "FieldManagerConflict")
              .put("message", "conflict with \"" + owner + "\" using apps/v1")
              .put("field", ".spec.template.spec." + list + "[name=\"" + place + "\"].image");
        }
        there.set("image", container.path("image"));
        if (!dry) {
          owners.put(place, manager);
        }
      }
    }
    if (!causes.isEmpty()) {
      throw new Refusal(status(409, "Conflict", "Apply failed with 1 conflict: " + causes, causes));
    }
    JsonNode notes = wanted.at("/metadata/annotations");
    if (notes.isObject()) {
      merge(object, json.createObjectNode().set("metadata", node().set("annotations", notes)));
    }
  }

  private void merge(ObjectNode into, JsonNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        into.remove(field.getKey());
      } else if (field.getValue().isObject()) {
        JsonNode there = into.get(field.getKey());
        ObjectNode target =
            there instanceof ObjectNode object ? object : into.putObject(field.getKey());
        merge(target, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  private void generation(ObjectNode object, JsonNode before) {
    if (!object.path("spec").equals(before)) {
      meta(object).put("generation", meta(object).path("generation").asLong() + 1);
    }
  }

  private MockResponse delete(String resource, String name, ObjectNode options) {
    ObjectNode there = require(resource, name);
    String expected = options.at("/preconditions/resourceVersion").asText("");
    if (!expected.isEmpty() && !expected.equals(meta(there).path("resourceVersion").asText())) {
      throw refuse(409, "Conflict", "the object has been modified");
    }
    remove(resource, name);
    if (resource.equals("jobs")) {
      all("pods").stream()
          .filter(pod -> owned(pod, there))
          .forEach(pod -> remove("pods", meta(pod).path("name").asText()));
    }
    ObjectNode done = node();
    done.put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    return answer(200, done);
  }

  private MockResponse log(String pod, HttpUrl url) {
    ObjectNode there = require("pods", pod);
    boolean previous = "true".equals(url.queryParameter("previous"));
    List<String> lines = new ArrayList<>();
    if (faults.get(tag(there)) == Fault.CRASH) {
      lines.add(Instant.now() + " fatal: cannot connect to the database");
    } else if (!previous) {
      lines.addAll(logs.getOrDefault(pod, List.of()));
    }
    if (!"true".equals(url.queryParameter("timestamps"))) {
      lines.replaceAll(line -> line.substring(line.indexOf(' ') + 1));
    }
    return new MockResponse.Builder()
        .code(200)
        .setHeader("Content-Type", "text/plain")
        .body(String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"))
        .build();
  }

  // Objects

  private ObjectNode node() {
    return json.createObjectNode();
  }

  private static ObjectNode meta(JsonNode object) {
    return (ObjectNode) object.path("metadata");
  }

  private static String key(String resource, String name) {
    return resource + "/" + name;
  }

  private static String kind(String resource) {
    return switch (resource) {
      case "deployments" -> "Deployment";
      case "replicasets" -> "ReplicaSet";
      case "statefulsets" -> "StatefulSet";
      case "pods" -> "Pod";
      case "jobs" -> "Job";
      case "leases" -> "Lease";
      case "secrets" -> "Secret";
      case "events" -> "Event";
      case "namespaces" -> "Namespace";
      case "horizontalpodautoscalers" -> "HorizontalPodAutoscaler";
      default -> "Thing";
    };
  }

  private static String apiVersion(String resource) {
    return switch (resource) {
      case "deployments", "replicasets", "statefulsets" -> "apps/v1";
      case "jobs" -> "batch/v1";
      case "leases" -> "coordination.k8s.io/v1";
      case "horizontalpodautoscalers" -> "autoscaling/v2";
      default -> "v1";
    };
  }

  private void put(String resource, JsonNode given) {
    ObjectNode object = (ObjectNode) given;
    String name = meta(object).path("name").asText();
    boolean there = objects.containsKey(key(resource, name));
    object.put("kind", kind(resource)).put("apiVersion", apiVersion(resource));
    ObjectNode meta = meta(object);
    meta.put("resourceVersion", Long.toString(++version));
    if (!meta.hasNonNull("uid") || meta.path("uid").asText().isEmpty()) {
      meta.put("uid", "uid-" + ++count);
    }
    if (!meta.has("creationTimestamp")) {
      meta.put("creationTimestamp", now());
    }
    objects.put(key(resource, name), object);
    changed(there ? "MODIFIED" : "ADDED", resource, object);
  }

  private void remove(String resource, String name) {
    ObjectNode gone = objects.remove(key(resource, name));
    if (gone != null) {
      ObjectNode last = gone.deepCopy();
      meta(last).put("resourceVersion", Long.toString(++version));
      changed("DELETED", resource, last);
    }
  }

  private void changed(String type, String resource, ObjectNode object) {
    Change change = new Change(version, type, resource, object.deepCopy());
    changes.add(change);
    new ArrayList<>(watches).forEach(watch -> tell(watch, change));
  }

  private static String now() {
    return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  private static boolean owned(JsonNode object, JsonNode owner) {
    for (JsonNode reference : object.at("/metadata/ownerReferences")) {
      if (reference.path("uid").equals(owner.at("/metadata/uid"))) {
        return true;
      }
    }
    return false;
  }

  private static String tag(JsonNode pod) {
    return tagOf(pod.at("/spec/containers/0/image").asText());
  }

  private static String tagOf(String image) {
    String text = image.replaceFirst("@.*", "");
    return text.substring(text.lastIndexOf(':') + 1);
  }

  // What a cluster does

  private void step() {
    List<String> versions = null;
    Consumer<List<String>> listener;
    synchronized (this) {
      try {
        all("deployments").forEach(this::deploymentStep);
        all("jobs").forEach(this::jobStep);
        all("pods").forEach(this::podStep);
      } catch (RuntimeException e) {
        // A mistake of this class: whoever asks next is told.
        broken = e;
      }
      List<String> now = running();
      if (!now.equals(told)) {
        told = now;
        versions = now;
      }
      listener = onPods;
    }
    if (versions != null) {
      listener.accept(versions);
    }
  }

  private JsonNode template(JsonNode set) {
    ObjectNode template = set.at("/spec/template").deepCopy();
    ((ObjectNode) template.at("/metadata/labels")).remove("pod-template-hash");
    return template;
  }

  private void deploymentStep(ObjectNode deployment) {
    if (deployment.at("/spec/paused").asBoolean()) {
      return;
    }
    List<ObjectNode> sets =
        all("replicasets").stream().filter(set -> owned(set, deployment)).toList();
    JsonNode wanted = deployment.at("/spec/template");
    ObjectNode current =
        sets.stream().filter(set -> template(set).equals(wanted)).findFirst().orElse(null);
    long newest = sets.stream().mapToLong(KubernetesStandIn::revision).max().orElse(0);
    if (current == null) {
      current = newSet(deployment, wanted, newest + 1);
    } else if (revision(current) < newest) {
      notes(current).put("deployment.kubernetes.io/revision", Long.toString(newest + 1));
      put("replicasets", current);
    }
    int replicas = deployment.at("/spec/replicas").asInt(1);
    String refused = scale(deployment, current, replicas);
    status(deployment, current, replicas, refused);
  }

  private static long revision(JsonNode set) {
    return meta(set).path("annotations").path("deployment.kubernetes.io/revision").asLong();
  }

  private ObjectNode notes(ObjectNode object) {
    JsonNode notes = meta(object).path("annotations");
    return notes instanceof ObjectNode there ? there : meta(object).putObject("annotations");
  }

  private ObjectNode newSet(ObjectNode deployment, JsonNode wanted, long revision) {
    String hash = Integer.toHexString(wanted.toString().hashCode());
    ObjectNode set = node();
    ObjectNode meta = set.putObject("metadata");
    meta.put("name", meta(deployment).path("name").asText() + "-" + hash);
    meta.put("namespace", NAMESPACE);
    meta.putObject("annotations").put("deployment.kubernetes.io/revision", Long.toString(revision));
    own(meta, deployment);
    ObjectNode template = wanted.deepCopy();
    ((ObjectNode) template.at("/metadata/labels")).put("pod-template-hash", hash);
    meta.set("labels", template.at("/metadata/labels").deepCopy());
    set.putObject("spec").set("template", template);
    put("replicasets", set);
    return set;
  }

  private void own(ObjectNode meta, ObjectNode owner) {
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", owner.path("apiVersion").asText())
        .put("kind", owner.path("kind").asText())
        .put("name", meta(owner).path("name").asText())
        .put("uid", meta(owner).path("uid").asText())
        .put("controller", true);
  }

  /** One pod comes or goes: one more than wanted at most, and none less. */
  private @Nullable String scale(ObjectNode deployment, ObjectNode current, int replicas) {
    List<ObjectNode> pods =
        all("pods").stream()
            .filter(pod -> meta(pod).path("deletionTimestamp").isMissingNode())
            .filter(
                pod ->
                    all("replicasets").stream()
                        .anyMatch(set -> owned(set, deployment) && owned(pod, set)))
            .toList();
    List<ObjectNode> fresh = pods.stream().filter(pod -> owned(pod, current)).toList();
    List<ObjectNode> old = pods.stream().filter(pod -> !owned(pod, current)).toList();
    long ready = pods.stream().filter(KubernetesStandIn::ready).count();
    if (fresh.size() > replicas) {
      terminate(fresh.get(fresh.size() - 1));
    } else if (!old.isEmpty()
        && (replicas == 0
            || ready > replicas
            || old.stream().anyMatch(pod -> !ready(pod) && pods.size() > replicas))) {
      terminate(old.stream().filter(pod -> !ready(pod)).findFirst().orElse(old.get(0)));
    } else if (fresh.size() < replicas && pods.size() < replicas + 1) {
      if (quota != null) {
        return quota;
      }
      pod(current, meta(current).path("name").asText(), current.at("/spec/template"));
    }
    return null;
  }

  private static boolean ready(JsonNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private void pod(ObjectNode owner, String prefix, JsonNode template) {
    ObjectNode pod = node();
    ObjectNode meta = pod.putObject("metadata");
    meta.put("name", prefix + "-" + Integer.toString(++count, 36)).put("namespace", NAMESPACE);
    meta.set("labels", template.at("/metadata/labels").deepCopy());
    own(meta, owner);
    pod.set("spec", template.path("spec").deepCopy());
    pod.putObject("status").put("phase", "Pending");
    put("pods", pod);
  }

  private void terminate(ObjectNode pod) {
    meta(pod).put("deletionTimestamp", now());
    put("pods", pod);
  }

  private void status(
      ObjectNode deployment, ObjectNode current, int replicas, @Nullable String refused) {
    ObjectNode now = objects.get(key("deployments", meta(deployment).path("name").asText()));
    if (now == null || !meta(now).path("generation").equals(meta(deployment).path("generation"))) {
      return;
    }
    ObjectNode changed = now.deepCopy();
    List<ObjectNode> pods =
        all("pods").stream()
            .filter(pod -> pod.at("/metadata/labels/pod-template-hash").isTextual())
            .toList();
    long updated = pods.stream().filter(pod -> owned(pod, current)).count();
    ObjectNode status = changed.putObject("status");
    status
        .put("observedGeneration", meta(now).path("generation").asLong())
        .put("replicas", pods.size())
        .put("updatedReplicas", updated)
        .put("readyReplicas", pods.stream().filter(KubernetesStandIn::ready).count())
        .put("availableReplicas", pods.stream().filter(KubernetesStandIn::ready).count());
    ArrayNode conditions = status.putArray("conditions");
    if (refused != null) {
      conditions
          .addObject()
          .put("type", "ReplicaFailure")
          .put("status", "True")
          .put("reason", "FailedCreate")
          .put("message", refused);
    }
    int deadline = deployment.at("/spec/progressDeadlineSeconds").asInt(600);
    String name = meta(deployment).path("name").asText();
    boolean over =
        pods.stream().filter(pod -> owned(pod, current) && ready(pod)).count() >= replicas;
    int waited = over ? 0 : ages.getOrDefault("progress " + name, 0) + 1;
    ages.put("progress " + name, waited);
    boolean late = waited * 20L > deadline * 1000L;
    conditions
        .addObject()
        .put("type", "Progressing")
        .put("status", late ? "False" : "True")
        .put("reason", late ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated")
        .put("message", "ReplicaSet is " + (late ? "not " : "") + "progressing");
    notes(changed)
        .put(
            "deployment.kubernetes.io/revision",
            Long.toString(
                revision(objects.get(key("replicasets", meta(current).path("name").asText())))));
    if (!changed.equals(now)) {
      put("deployments", changed);
    }
  }

  private void podStep(ObjectNode pod) {
    String name = meta(pod).path("name").asText();
    if (!meta(pod).path("deletionTimestamp").isMissingNode()) {
      remove("pods", name);
      return;
    }
    boolean job = !pod.at("/metadata/labels/pod-template-hash").isTextual();
    int age = ages.merge(name, 1, Integer::sum);
    Fault fault = faults.get(tag(pod));
    JsonNode before = pod.path("status").deepCopy();
    ObjectNode status = (ObjectNode) pod.path("status");
    if (fault == Fault.UNSCHEDULABLE) {
      status
          .putArray("conditions")
          .addObject()
          .put("type", "PodScheduled")
          .put("status", "False")
          .put("reason", "Unschedulable")
          .put("message", "0/3 nodes are available: 3 Insufficient memory.");
    } else if (fault == Fault.PULL) {
      waiting(pod, age > 3 ? "ImagePullBackOff" : "ErrImagePull", "manifest unknown", 0);
    } else if (fault == Fault.CONFIG) {
      waiting(pod, "CreateContainerConfigError", "secret \"gateway\" not found", 0);
    } else if (fault == Fault.CRASH && !job) {
      if (age == 1) {
        running(pod, false);
      } else {
        waiting(pod, "CrashLoopBackOff", "back-off 10s restarting failed container", 1);
      }
    } else if (!job) {
      running(pod, age >= readyAfter && fault == null);
    }
    if (!status.equals(before)) {
      put("pods", pod);
    }
  }

  private static void running(ObjectNode pod, boolean ready) {
    ObjectNode status = (ObjectNode) pod.path("status");
    status.put("phase", "Running");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False");
    ObjectNode container = container(pod);
    container.put("ready", ready).put("restartCount", 0);
    container.putObject("state").putObject("running");
  }

  private static ObjectNode container(ObjectNode pod) {
    ArrayNode all = ((ObjectNode) pod.path("status")).putArray("containerStatuses");
    return all.addObject()
        .put("name", pod.at("/spec/containers/0/name").asText())
        .put("image", pod.at("/spec/containers/0/image").asText())
        .put("imageID", "docker.io/docspringcom/rack-gateway@" + digest(tag(pod)));
  }

  /** The digest of the image that a tag stands for. */
  public static String digest(String tag) {
    return "sha256:" + okio.ByteString.of(tag.getBytes(StandardCharsets.UTF_8)).sha256().hex();
  }

  private static void waiting(ObjectNode pod, String reason, String message, int restarts) {
    ObjectNode container = container(pod);
    container.put("ready", false).put("restartCount", restarts);
    container.putObject("state").putObject("waiting").put("reason", reason).put("message", message);
    if (restarts > 0) {
      container
          .putObject("lastState")
          .putObject("terminated")
          .put("exitCode", 1)
          .put("reason", "Error");
    }
  }

  private void jobStep(ObjectNode job) {
    boolean begun = all("pods").stream().anyMatch(pod -> owned(pod, job));
    if (begun || job.at("/status/conditions").isArray()) {
      return;
    }
    String name = meta(job).path("name").asText();
    if (quota != null) {
      if (!objects.containsKey(key("events", name))) {
        ObjectNode event = node();
        event.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        event
            .putObject("involvedObject")
            .put("kind", "Job")
            .put("name", name)
            .put("uid", meta(job).path("uid").asText());
        event.put("reason", "FailedCreate").put("message", quota).put("type", "Warning");
        put("events", event);
      }
      return;
    }
    pod(job, name, job.at("/spec/template"));
    ObjectNode pod = all("pods").stream().filter(p -> owned(p, job)).findFirst().orElseThrow();
    if (faults.containsKey(tag(pod))
        && faults.get(tag(pod)) != Fault.CRASH
        && faults.get(tag(pod)) != Fault.NEVER_READY) {
      return;
    }
    String podName = meta(pod).path("name").asText();
    Exec runner = exec;
    List<String> command = new ArrayList<>();
    pod.at("/spec/containers/0/command").forEach(word -> command.add(word.asText()));
    Map<String, String> env = environment(pod);
    var unused =
        jobs.submit(
            () -> {
              int code;
              try {
                code =
                    runner.run(
                        command,
                        pod.at("/spec/containers/0/image").asText(),
                        env,
                        line -> log(podName, line));
              } catch (Exception e) {
                log(podName, e.toString());
                code = 255;
              }
              ended(name, podName, code);
            });
  }

  /** The variables of a pod, those from Secrets too. */
  private Map<String, String> environment(ObjectNode pod) {
    Map<String, String> env = new HashMap<>();
    for (JsonNode variable : pod.at("/spec/containers/0/env")) {
      String name = variable.path("name").asText();
      JsonNode key = variable.at("/valueFrom/secretKeyRef");
      if (variable.has("value")) {
        env.put(name, variable.path("value").asText());
      } else if (key.isObject()) {
        ObjectNode secret = objects.get(key("secrets", key.path("name").asText()));
        if (secret != null) {
          env.put(name, secret.path("stringData").path(key.path("key").asText()).asText(""));
        }
      }
    }
    return env;
  }

  private synchronized void ended(String job, String pod, int code) {
    ObjectNode there = objects.get(key("pods", pod));
    if (there != null) {
      ObjectNode changed = there.deepCopy();
      ((ObjectNode) changed.path("status")).put("phase", code == 0 ? "Succeeded" : "Failed");
      container(changed)
          .put("restartCount", 0)
          .putObject("state")
          .putObject("terminated")
          .put("exitCode", code)
          .put("reason", code == 0 ? "Completed" : "Error");
      put("pods", changed);
    }
    ObjectNode of = objects.get(key("jobs", job));
    if (of != null) {
      ObjectNode changed = of.deepCopy();
      changed
          .putObject("status")
          .putArray("conditions")
          .addObject()
          .put("type", code == 0 ? "Complete" : "Failed")
          .put("status", "True")
          .put("reason", code == 0 ? "CompletionsReached" : "BackoffLimitExceeded");
      put("jobs", changed);
    }
  }

  @Override
  public void close() {
    steps.shutdownNow();
    jobs.shutdownNow();
    dropWatches();
    server.close();
  }
}
