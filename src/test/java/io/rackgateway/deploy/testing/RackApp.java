package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.testing.ConvoxRackStandIn.Release;
import io.rackgateway.deploy.testing.ConvoxRackStandIn.Running;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the one app of a {@link ConvoxRackStandIn} consists of, and how it changes: each look at it
 * is one tick of its clock. Not thread-safe: its rack holds one lock.
 */
final class RackApp {

  /** A build. */
  static final class Build {
    final String id;
    final Map<String, String> form;
    final Instant started;
    String status = "running";
    String manifest = "";
    String release = "";
    String reason = "";
    @Nullable String error;
    @Nullable Instant ended;
    int looks;

    Build(String id, Map<String, String> form, Instant started) {
      this.id = id;
      this.form = form;
      this.started = started;
    }
  }

  /** A process, of a service or one-off; {@code Process} is Java's. */
  static final class Pod {
    final String id;
    final String service;
    final String release;
    final String command;
    final boolean single;
    final Instant started;
    String status = "pending";
    boolean seen;

    Pod(String id, String service, String release, @Nullable String command, Instant started) {
      this.id = id;
      this.service = service;
      this.release = release;
      this.command = command == null ? "" : command;
      this.single = command != null;
      this.started = started;
    }
  }

  /** How the rollouts after this go. */
  enum Fate {
    WELL,
    STUCK,
    ROLLED_BACK
  }

  private final Random random = new Random(6);
  final String name;
  final Map<String, byte[]> objects = new TreeMap<>();
  final Map<String, Build> builds = new LinkedHashMap<>();
  final Map<String, Release> releases = new LinkedHashMap<>();
  final List<Pod> processes = new ArrayList<>();
  final Map<String, Integer> counts = new TreeMap<>();
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");
  private List<Running> told = List.of();

  Consumer<List<Running>> onProcesses = running -> {};
  int buildLooks = 1;
  @Nullable String buildFailure;
  String buildReason = "";
  Fate fate = Fate.WELL;
  String newStatus = "starting";
  boolean byHand;
  int stepsPerLook = 1;
  Consumer<String> onState = line -> {};
  boolean locked;
  int staleLooks;

  String active = "";
  String status = "running";
  private String previous = "";
  private String state = "Running";
  private boolean reverted;
  String staleRelease = "";
  int stale;

  RackApp(String name, String manifest, String env) {
    this.name = name;
    Build build = new Build(id("B"), Map.of(), tick());
    build.manifest = manifest;
    build.status = "complete";
    build.ended = tick();
    Release first = new Release(id("R"), build.id, env, manifest, "", tick());
    build.release = first.id();
    builds.put(build.id, build);
    releases.put(first.id(), first);
    active = first.id();
    for (String service : RackManifest.services(first).keySet()) {
      counts.put(service, RackManifest.minimum(first, service));
      for (int i = 0; i < counts.get(service); i++) {
        start(service, first.id()).status = "running";
      }
    }
  }

  private Instant tick() {
    now = now.plusSeconds(1);
    return now;
  }

  private String id(String prefix) {
    StringBuilder text = new StringBuilder(prefix);
    for (int i = 0; i < 10; i++) {
      text.append((char) ('A' + random.nextInt(26)));
    }
    return text.toString();
  }

  // ---- what is there

  Release release(String id) {
    Release release = releases.get(id);
    if (release == null) {
      throw new Refusal(500, "releases.convox.com \"" + lower(id) + "\" not found");
    }
    return release;
  }

  Build build(String id) {
    Build build = builds.get(id);
    if (build == null) {
      throw new Refusal(500, "builds.convox.com \"" + lower(id) + "\" not found");
    }
    return build;
  }

  Pod process(String id) {
    return processes.stream()
        .filter(process -> process.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new Refusal(500, "pods \"" + id + "\" not found"));
  }

  static String lower(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  // ---- builds and releases

  Build build(Map<String, String> form) {
    Build build = new Build(id("B"), Map.copyOf(form), tick());
    build.looks = buildLooks;
    builds.put(build.id, build);
    return build;
  }

  /** Somebody asks for a build: it may have come to its end by now. */
  void look(Build build) {
    if (!build.status.equals("running") || build.looks-- > 0) {
      return;
    }
    build.ended = tick();
    try {
      String file = build.form.getOrDefault("manifest", "convox.yml");
      String url = build.form.getOrDefault("url", "");
      build.manifest =
          RackManifest.unpack(objects.get(url.replaceFirst("^object://[^/]*/", "")), file);
    } catch (IOException e) {
      build.status = "failed";
      build.error = String.valueOf(e.getMessage());
      return;
    }
    if (buildFailure != null) {
      build.status = "failed";
      build.reason = buildReason;
      return;
    }
    build.release = release(Map.of("build", build.id)).id();
    build.status = "complete";
  }

  /** A new release of a parent, or of the newest one. */
  Release release(Map<String, String> form) {
    String parent = form.getOrDefault("parent-release", "");
    Release from = parent.isEmpty() ? newest().get(0) : release(parent);
    String build = form.getOrDefault("build", from.build());
    // A rack leaves the manifest out as well when there is no build.
    String manifest = build.isEmpty() ? "" : build(build).manifest;
    String description = build.isEmpty() ? "" : build(build).form.getOrDefault("description", "");
    String env = form.getOrDefault("env", from.env());
    String difference = RackManifest.difference(from.env(), env);
    if (form.containsKey("env") && !difference.isBlank()) {
      description = "env " + difference;
    }
    Release made =
        new Release(
            id("R"), build, env, manifest, form.getOrDefault("description", description), tick());
    releases.put(made.id(), made);
    return made;
  }

  List<Build> newestBuilds() {
    List<Build> all = new ArrayList<>(builds.values());
    Collections.reverse(all);
    return all;
  }

  List<Release> newest() {
    List<Release> all = new ArrayList<>(releases.values());
    Collections.reverse(all);
    return all;
  }

  // ---- rollouts

  void promote(String id, boolean force) {
    if (!force && !status.equals("running")) {
      throw new Refusal(403, "app is currently updating");
    }
    Release release = release(id);
    if (release.manifest().isBlank()) {
      throw new Refusal(400, "can not promote a release with an empty manifest");
    }
    if (release.created().isBefore(release(active).created())) {
      throw new Refusal(400, "can not promote an older release, try rollback");
    }
    Map<String, Integer> wanted = new TreeMap<>(counts);
    for (String service : RackManifest.services(release).keySet()) {
      if (wanted.getOrDefault(service, 0) == 0) {
        wanted.put(service, RackManifest.minimum(release, service));
      }
    }
    counts.putAll(wanted);
    staleRelease = active;
    stale = staleLooks;
    previous = active;
    active = id;
    reverted = false;
    become("updating", "Pending", "Updating");
  }

  void cancel() {
    if (!status.equals("updating")) {
      throw new Refusal(403, "app is not updating");
    }
    become("rollback", "Cancelled", "Rollback");
  }

  /** Scales a service; nothing happens without a number. */
  void scale(String service, @Nullable String number) {
    if (!RackManifest.services(release(active)).containsKey(service)) {
      throw new Refusal(500, "deployments.apps \"" + service + "\" not found");
    }
    if (number == null) {
      return;
    }
    int count = Integer.parseInt(number);
    counts.put(service, count);
    List<Pod> those = ofService(service);
    for (int i = those.size() - 1; i >= count; i--) {
      processes.remove(those.get(i));
    }
    for (int i = those.size(); i < count; i++) {
      start(service, active);
    }
    changed();
  }

  Pod run(String service, String release, String command) {
    if (!RackManifest.services(release(release)).containsKey(service)) {
      throw new Refusal(500, "service not found: " + service);
    }
    Pod process = new Pod(pid(service), service, release, command, tick());
    processes.add(process);
    return process;
  }

  /** Stops a process; one of a service is replaced, as its deployment wants. */
  void stop(Pod process) {
    processes.remove(process);
    if (!process.single) {
      start(process.service, process.release);
    }
    changed();
  }

  private Pod start(String service, String release) {
    Pod process = new Pod(pid(service), service, release, null, tick());
    processes.add(process);
    return process;
  }

  private String pid(String service) {
    return service + "-" + id("").substring(0, 5).toLowerCase(Locale.ROOT);
  }

  private List<Pod> ofService(String service) {
    return processes.stream().filter(p -> !p.single && p.service.equals(service)).toList();
  }

  /** Somebody looks at the app or its processes. */
  void look() {
    for (int step = 0; step < stepsPerLook && !byHand; step++) {
      step();
    }
  }

  /** One tick of the clock: at most one process starts, becomes ready, or goes. */
  void step() {
    if (status.equals("running")) {
      settle();
    } else if (status.equals("rollback") && !reverted) {
      active = previous;
      reverted = true;
    } else if (!replaceOne()) {
      become("running", status.equals("rollback") ? "Reverted" : "Running");
    }
    changed();
  }

  private void settle() {
    processes.stream()
        .filter(p -> !p.single && p.status.equals("pending"))
        .findFirst()
        .ifPresent(p -> p.status = "running");
  }

  /** Brings the processes one step nearer to what the active release wants. */
  private boolean replaceOne() {
    TreeSet<String> names = new TreeSet<>(RackManifest.services(release(active)).keySet());
    processes.stream().filter(p -> !p.single).forEach(p -> names.add(p.service));
    for (String service : names) {
      boolean wanted = RackManifest.services(release(active)).containsKey(service);
      int want = wanted ? counts.getOrDefault(service, 0) : 0;
      List<Pod> fresh = new ArrayList<>();
      List<Pod> old = new ArrayList<>();
      for (Pod process : ofService(service)) {
        (process.release.equals(active) ? fresh : old).add(process);
      }
      Pod unready =
          fresh.stream().filter(p -> !p.status.equals("running")).findFirst().orElse(null);
      if (unready != null) {
        becomeReady(unready, old);
        return true;
      }
      if (fresh.size() < want && wanted) {
        Pod unwell = old.stream().filter(p -> !p.status.equals("running")).findFirst().orElse(null);
        if (unwell != null) {
          processes.remove(unwell);
        }
        start(service, active);
        return true;
      }
      if (!old.isEmpty()) {
        processes.remove(old.get(0));
        return true;
      }
    }
    return false;
  }

  private void becomeReady(Pod process, List<Pod> old) {
    if (fate == Fate.WELL || status.equals("rollback")) {
      process.status = "running";
      if (!old.isEmpty()) {
        processes.remove(old.get(0));
      }
    } else if (process.status.equals("pending")) {
      process.status = newStatus;
    } else if (fate == Fate.ROLLED_BACK) {
      become("rollback", "Deadline", "Rollback");
    }
  }

  /** The app's state is another, through these states of what the rack calls its atom. */
  private void become(String newStatus, String... states) {
    status = newStatus;
    for (String next : states) {
      onState.accept(now + " system/k8s/atom/app Status: " + state + " => " + next);
      state = next;
    }
  }

  /** The services' processes that run. */
  List<Running> running() {
    return processes.stream()
        .filter(p -> !p.single && p.status.equals("running"))
        .map(p -> running(p))
        .toList();
  }

  private Running running(Pod pod) {
    String version = RackManifest.version(release(pod.release), pod.service);
    return new Running(pod.id, pod.service, pod.release, version);
  }

  void changed() {
    List<Running> running = running();
    if (!running.equals(told)) {
      told = running;
      onProcesses.accept(running);
    }
  }

  /** A call that a rack does not do. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }
  }
}
