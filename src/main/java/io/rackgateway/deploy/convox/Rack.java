package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a rack about one app. A rack that gives no answer is asked again for a while, and
 * what must not be done twice is looked for first. Calls follow the rack's API of version 3.
 */
public final class Rack {

  private static final MediaType GZIP = MediaType.get("application/gzip");
  private static final int RECENT = 50;
  private static final long HOUR = 3600;

  private final RackClient client;
  private final String app;
  private final Patience patience;
  private final RackStreams streams;
  private final Map<String, RackRelease> known = new ConcurrentHashMap<>();

  /**
   * @param client whose calls are not ended by a cancelled run: waits are
   * @param patience for how long a rack that has answered before may give no answer
   */
  public Rack(RackClient client, String app, Duration patience, Waits waits, Events events) {
    this.client = client;
    this.app = app;
    this.patience = new Patience(client.address().display(), patience, waits, events);
    this.streams = new RackStreams(client);
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
    return "%s (%s, %s)"
        .formatted(
            Fields.text(system, "name"),
            Fields.text(system, "provider"),
            Fields.text(system, "version"));
  }

  /** The app as it is now. */
  public RackApp app() {
    return RackApp.of(read(Map.of(), "apps", app));
  }

  /** The newest releases, newest first. */
  public List<RackRelease> releases(int limit) {
    List<RackRelease> found = list(read(limit(limit), "apps", app, "releases"), RackRelease::of);
    found.forEach(release -> known.put(release.id(), release));
    return found;
  }

  /**
   * A release, which never changes: it is asked for once. It is looked for among the recent ones
   * first: a gateway lets tokens that need an approval list releases, and not read one before the
   * approval.
   */
  public RackRelease release(String id) {
    RackRelease before = known.get(id);
    if (before != null) {
      return before;
    }
    return releases(RECENT).stream()
        .filter(release -> release.id().equals(id))
        .findFirst()
        .orElseGet(() -> RackRelease.of(read(Map.of(), "apps", app, "releases", id)));
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
    return patience.onlyOnce(
        () -> releases(20).stream().filter(r -> r.description().equals(description)).findFirst(),
        () -> RackRelease.of(client.post(form, Map.of(), "apps", app, "releases")));
  }

  /** Begins the rollout of a release; the rack answers before it is over. */
  public void promote(String release, PromoteOptions options) {
    Boolean unused =
        patience.onlyOnce(
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
      JsonNode unused = patience.ask(() -> client.post(Map.of(), Map.of(), "apps", app, "cancel"));
    } catch (DeployException.StepFailed e) {
      if (!app().settled()) {
        throw e;
      }
    }
  }

  /** The newest builds, newest first. */
  public List<RackBuild> builds(int limit) {
    return list(read(limit(limit), "apps", app, "builds"), RackBuild::of);
  }

  public RackBuild build(String id) {
    return RackBuild.of(read(Map.of(), "apps", app, "builds", id));
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
    return patience.onlyOnce(
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
          form.put(
              "url",
              stored.hasNonNull("Url") ? Fields.text(stored, "Url") : Fields.text(stored, "url"));
          form.put("description", description);
          return RackBuild.of(client.post(form, Map.of(), "apps", app, "builds"));
        });
  }

  /** Follows a build's log until its socket ends, which may be before the build does. */
  public RackLog buildLog(String build, Consumer<String> lines) {
    return streams.log(lines, Map.of("Follow", "true"), "apps", app, "builds", build, "logs");
  }

  /** The processes of a service, those that run a command of their own among them. */
  public List<RackProcess> processes(String service) {
    return list(read(Map.of("service", service), "apps", app, "processes"), RackProcess::of);
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
    return Fields.text(
        patience.once(
            () -> client.post(Map.of(), headers, "apps", app, "services", service, "processes")),
        "id");
  }

  /** As racks read mappings in headers. */
  private static String queryString(Map<String, String> variables) {
    List<String> pairs = new ArrayList<>();
    variables.forEach(
        (name, value) ->
            pairs.add(
                URLEncoder.encode(name, StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return String.join("&", pairs);
  }

  /** Ends a process; one that is gone is no error. */
  public void stop(String process) {
    Optional<JsonNode> unused =
        patience.find(() -> client.delete("apps", app, "processes", process));
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
    return streams.exec(command, limit, lines, "apps", app, "processes", process, "exec");
  }

  public List<RackService> services() {
    return list(read(Map.of(), "apps", app, "services"), RackService::of);
  }

  /** Sets how many copies of a service run. */
  public void scale(String service, int count) {
    JsonNode unused =
        patience.ask(
            () ->
                client.putForm(
                    Map.of("count", Integer.toString(count)), "apps", app, "services", service));
  }

  /** The names of the app's resources. */
  public List<String> resources() {
    return list(
        read(Map.of(), "apps", app, "resources"),
        found -> Fields.text(found, "name") + " (" + Fields.text(found, "type") + ")");
  }

  /**
   * Reads the logs of a service's processes.
   *
   * @param since from how long ago
   * @param follow whether what comes is read, too, until the log is closed
   */
  public RackLog logs(String service, Duration since, boolean follow, Consumer<String> lines) {
    return streams.log(lines, logOptions(since, follow), "apps", app, "services", service, "logs");
  }

  /**
   * Follows the app's log from now on: what its processes log, and what the rack does with the app.
   */
  public RackLog appLog(Consumer<String> lines) {
    return streams.log(lines, logOptions(Duration.ofSeconds(1), true), "apps", app, "logs");
  }

  private static Map<String, String> logOptions(Duration since, boolean follow) {
    return Map.of(
        "Since",
        Math.max(1, since.toSeconds()) + "s",
        "Follow",
        Boolean.toString(follow),
        "Prefix",
        "true");
  }

  /** The objects that are kept with the app. */
  public RackObjects objects() {
    return new RackObjects(client, app, patience);
  }

  private JsonNode read(Map<String, String> query, String... path) {
    return patience.ask(() -> client.read(query, path));
  }

  private static Map<String, String> limit(int limit) {
    return Map.of("limit", Integer.toString(limit));
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
    List<T> all = new ArrayList<>();
    array.forEach(node -> all.add(each.apply(node)));
    return List.copyOf(all);
  }
}
