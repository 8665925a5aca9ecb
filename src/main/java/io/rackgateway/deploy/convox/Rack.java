package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a rack about one app. A rack that gives no answer is asked again for a while. What
 * must not be done twice goes through {@link #once}. Calls follow the rack's API of version 3.
 */
public final class Rack {

  private static final MediaType GZIP = MediaType.get("application/gzip");
  private static final int RECENT = 50;
  private static final long HOUR = 3600;
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A rack that never answered is no rack that is being restarted. */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private final RackClient client;
  private final String app;
  private final Duration patience;
  private final Waits waits;
  private final Events events;
  private final AtomicBoolean met = new AtomicBoolean();

  /**
   * @param client whose calls are not ended by a cancelled run: waits are
   * @param patience for how long a rack that has answered before may give no answer
   */
  public Rack(RackClient client, String app, Duration patience, Waits waits, Events events) {
    this.client = client;
    this.app = app;
    this.patience = patience;
    this.waits = waits;
    this.events = events;
  }

  /** Where it is, for people. */
  public String display() {
    return client.address().display();
  }

  public boolean throughGateway() {
    return client.address().throughGateway();
  }

  /** {@code production (aws, 3.18.2)}. */
  public String system() {
    JsonNode system = read(Map.of(), "system");
    return text(system, "name")
        + " ("
        + text(system, "provider")
        + ", "
        + text(system, "version")
        + ")";
  }

  /** The app as it is now. */
  public RackApp app() {
    JsonNode found = read(Map.of(), "apps", app);
    return new RackApp(
        text(found, "name"),
        text(found, "status"),
        text(found, "release"),
        found.path("locked").asBoolean());
  }

  /** One look at the app, without patience: empty where there is no answer. */
  public Optional<RackApp> glance() {
    try {
      JsonNode found = client.read(Map.of(), "apps", app);
      return Optional.of(
          new RackApp(
              text(found, "name"),
              text(found, "status"),
              text(found, "release"),
              found.path("locked").asBoolean()));
    } catch (Unanswered e) {
      return Optional.empty();
    }
  }

  /** The newest releases, newest first. */
  public List<RackRelease> releases(int limit) {
    return list(read(limit(limit), "apps", app, "releases"), Rack::release);
  }

  /**
   * A release. It is looked for among the recent ones first: a gateway lets tokens that need an
   * approval list releases, and not read one before the approval.
   */
  public RackRelease release(String id) {
    return releases(RECENT).stream()
        .filter(release -> release.id().equals(id))
        .findFirst()
        .orElseGet(() -> release(read(Map.of(), "apps", app, "releases", id)));
  }

  private static RackRelease release(JsonNode found) {
    return new RackRelease(
        text(found, "id"),
        text(found, "build"),
        text(found, "env"),
        text(found, "manifest"),
        text(found, "description"),
        text(found, "created"));
  }

  /**
   * Makes a release, and does not promote it. Its environment is sent only where it differs from
   * the parent's: a Rack Gateway shows secrets masked.
   *
   * @param parent the release whose build and environment it has, where they are not given
   * @param changes variables that get another value
   * @throws DeployException.StepFailed if the rack refuses
   */
  public RackRelease createRelease(
      RackRelease parent, @Nullable String build, Map<String, String> changes, String description) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("parent-release", parent.id());
    form.put("build", build == null ? parent.build() : build);
    Map<String, String> variables = parent.variables();
    Map<String, String> changed = new LinkedHashMap<>(variables);
    changed.putAll(changes);
    if (!changed.equals(variables)) {
      form.put("env", RackEnvironment.text(changed));
    }
    form.put("description", description);
    return once(
        () -> releases(20).stream().filter(r -> r.description().equals(description)).findFirst(),
        () -> release(client.post(form, Map.of(), "apps", app, "releases")));
  }

  /** Begins the rollout of a release; the rack answers before it is over. */
  public void promote(String release, PromoteOptions options) {
    Boolean unused =
        once(
            () -> {
              RackApp now = app();
              return now.release().equals(release) ? Optional.of(true) : Optional.empty();
            },
            () -> {
              JsonNode answer =
                  client.post(
                      options.form(), Map.of(), "apps", app, "releases", release, "promote");
              return !answer.isNull();
            });
  }

  /**
   * Ends a rollout; the rack goes back to the release before. One that has just ended is no error.
   */
  public void cancelRollout() {
    try {
      JsonNode unused = patiently(() -> client.post(Map.of(), Map.of(), "apps", app, "cancel"));
    } catch (DeployException.StepFailed e) {
      if (!app().settled()) {
        throw e;
      }
    }
  }

  /** The newest builds, newest first. */
  public List<RackBuild> builds(int limit) {
    return list(read(limit(limit), "apps", app, "builds"), Rack::build);
  }

  public RackBuild build(String id) {
    return build(read(Map.of(), "apps", app, "builds", id));
  }

  private static RackBuild build(JsonNode found) {
    return new RackBuild(
        text(found, "id"),
        text(found, "status"),
        text(found, "release"),
        text(found, "description"),
        text(found, "reason"));
  }

  /**
   * Uploads a build context and starts its build, unless a build with this description is there
   * already.
   *
   * @param archive a gzipped tar
   * @param key the archive's name on the rack: letters, digits and dashes
   * @param options further fields of the form, such as {@code git-sha}
   */
  public RackBuild startBuild(
      Supplier<Path> archive, String key, String description, Map<String, String> options) {
    return once(
        () -> builds(20).stream().filter(b -> b.description().equals(description)).findFirst(),
        () -> {
          JsonNode stored =
              client.upload(
                  RequestBody.create(archive.get().toFile(), GZIP),
                  "apps",
                  app,
                  "objects",
                  "tmp",
                  key + ".tgz");
          Map<String, String> form = new LinkedHashMap<>(options);
          // Racks of version 3 write it with a capital letter.
          form.put("url", stored.hasNonNull("Url") ? text(stored, "Url") : text(stored, "url"));
          form.put("description", description);
          return build(client.post(form, Map.of(), "apps", app, "builds"));
        });
  }

  /** Follows a build's log until its socket ends, which may be before the build does. */
  public RackLog buildLog(String build, Consumer<String> lines) {
    return log(lines, Map.of("Follow", "true"), "apps", app, "builds", build, "logs");
  }

  /** The processes of a service, those that run a command of their own among them. */
  public List<RackProcess> processes(String service) {
    return list(
        read(Map.of("service", service), "apps", app, "processes"),
        found ->
            new RackProcess(
                text(found, "id"),
                text(found, "name"),
                text(found, "release"),
                text(found, "status"),
                text(found, "command"),
                text(found, "started")));
  }

  /**
   * Starts a process that waits, so that commands can be run in it.
   *
   * @param limit after which it ends by itself
   * @return its id
   */
  public String start(
      String service, String release, Duration limit, Map<String, String> variables) {
    Map<String, String> headers = new LinkedHashMap<>();
    // An hour is what the command line of Convox asks for, and all that a gateway lets through for
    // a deployment that was approved.
    headers.put("Command", "sleep " + Math.max(HOUR, limit.toSeconds()));
    headers.put("Release", release);
    if (!variables.isEmpty()) {
      headers.put("Environment", queryString(variables));
    }
    try {
      return text(
          client.post(Map.of(), headers, "apps", app, "services", service, "processes"), "id");
    } catch (Unanswered e) {
      throw e.failed();
    }
  }

  /** As racks read mappings in headers. */
  private static String queryString(Map<String, String> variables) {
    List<String> pairs = new ArrayList<>();
    variables.forEach(
        (name, value) ->
            pairs.add(
                java.net.URLEncoder.encode(name, StandardCharsets.UTF_8)
                    + "="
                    + java.net.URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return String.join("&", pairs);
  }

  /** Ends a process; one that is gone is no error. */
  public void stop(String process) {
    try {
      JsonNode unused = client.delete("apps", app, "processes", process);
    } catch (Unanswered e) {
      throw e.failed();
    } catch (DeployException.StepFailed e) {
      if (!e.problem().summary().contains("does not know")) {
        throw e;
      }
    }
  }

  /**
   * Runs a command in a process, to its end or the limit, cancelled or not.
   *
   * @param command words that the rack splits as a shell does
   * @param lines takes the output
   * @return the exit code; empty when the rack did not tell one: what became of the command is not
   *     known then
   * @throws DeployException.StepFailed if the command was not begun
   */
  public OptionalInt exec(String process, String command, Duration limit, Consumer<String> lines) {
    ExecStream stream = new ExecStream(lines);
    Map<String, String> headers =
        Map.of("Command", command, "Tty", "false", "Disable-Stdin", "true");
    RackSocket reader =
        new RackSocket(
            bytes -> stream.bytes(ByteBuffer.wrap(bytes.toByteArray())), client.failures());
    try (RackSocket socket =
        reader.on(client.open(headers, reader, "apps", app, "processes", process, "exec"))) {
      RackSocket.End end = socket.await(limit);
      RuntimeException refusal = end == null ? null : end.refusal();
      if (refusal != null) {
        throw refusal;
      }
      if (stream.wantsSession()) {
        throw new DeployException.StepFailed(
            display() + " answers commands by an ECS Exec session, which is not supported",
            "switch ECS Exec off on the rack (v2), or use a rack of version 3");
      }
      return end == null ? OptionalInt.empty() : stream.end();
    }
  }

  public List<RackService> services() {
    return list(
        read(Map.of(), "apps", app, "services"),
        found ->
            new RackService(
                text(found, "name"), found.path("count").asInt(), text(found, "domain")));
  }

  /** Sets how many copies of a service run. */
  public void scale(String service, int count) {
    JsonNode unused =
        patiently(
            () ->
                client.putForm(
                    Map.of("count", Integer.toString(count)), "apps", app, "services", service));
  }

  /** The names of the app's resources. */
  public List<String> resources() {
    return list(
        read(Map.of(), "apps", app, "resources"),
        found -> text(found, "name") + " (" + text(found, "type") + ")");
  }

  /**
   * Reads the logs of a service's processes.
   *
   * @param since from how long ago
   * @param follow whether what comes is read, too, until the log is closed
   */
  public RackLog logs(String service, Duration since, boolean follow, Consumer<String> lines) {
    return log(
        lines,
        Map.of(
            "Since",
            Math.max(1, since.toSeconds()) + "s",
            "Follow",
            Boolean.toString(follow),
            "Prefix",
            "true"),
        "apps",
        app,
        "services",
        service,
        "logs");
  }

  private RackLog log(Consumer<String> lines, Map<String, String> headers, String... path) {
    ExecStream stream = new ExecStream(lines);
    RackSocket reader =
        new RackSocket(
            bytes -> stream.bytes(ByteBuffer.wrap(bytes.toByteArray())), client.failures());
    RackSocket socket = reader.on(client.open(headers, reader, path));
    return new RackLog(socket, stream);
  }

  /** An object that was kept on the rack; empty where there is none. */
  public Optional<byte[]> object(String... key) {
    try {
      return Optional.of(patiently(() -> client.bytes(path(key))));
    } catch (DeployException.StepFailed e) {
      if (e.problem().summary().contains("does not know")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Keeps an object on the rack, in the place of one that is there. */
  public void keep(byte[] content, String... key) {
    JsonNode unused =
        patiently(
            () ->
                client.upload(
                    RequestBody.create(content, MediaType.get("application/octet-stream")),
                    path(key)));
  }

  /** Removes an object; one that is gone is no error. */
  public void remove(String... key) {
    try {
      JsonNode unused = patiently(() -> client.delete(path(key)));
    } catch (DeployException.StepFailed e) {
      if (!e.problem().summary().contains("does not know")) {
        throw e;
      }
    }
  }

  private String[] path(String... key) {
    List<String> path = new ArrayList<>(List.of("apps", app, "objects"));
    path.addAll(List.of(key));
    return path.toArray(String[]::new);
  }

  // Patience

  /**
   * Does what must not be done twice: looks whether it is done, else does it; and where the answer
   * stays away, looks again.
   */
  private <T> T once(Supplier<Optional<T>> look, Supplier<T> act) {
    return patiently(() -> look.get().orElseGet(act));
  }

  private <T> T patiently(Supplier<T> call) {
    Unanswered[] last = new Unanswered[1];
    Optional<T> answer =
        waits.until(
            () -> display() + " to answer",
            met.get() ? patience : FIRST,
            AGAIN,
            new Waits.Wakeup(),
            () -> {
              try {
                T got = call.get();
                met.set(true);
                if (last[0] != null) {
                  events.emit(new Event.Notice(display() + " answers again"));
                }
                return Optional.of(got);
              } catch (Unanswered e) {
                if (last[0] == null) {
                  events.emit(new Event.Notice(e.reason() + "; asking again"));
                }
                last[0] = e;
                return Optional.empty();
              }
            });
    return answer.orElseThrow(
        () -> {
          Unanswered e = last[0];
          return e == null
              ? new DeployException.StepFailed(
                  display() + " gave no answer", "see whether it can be reached")
              : e.failed();
        });
  }

  private JsonNode read(Map<String, String> query, String... path) {
    return patiently(() -> client.read(query, path));
  }

  private static Map<String, String> limit(int limit) {
    return Map.of("limit", Integer.toString(limit));
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
    List<T> all = new ArrayList<>();
    array.forEach(node -> all.add(each.apply(node)));
    return List.copyOf(all);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }
}
