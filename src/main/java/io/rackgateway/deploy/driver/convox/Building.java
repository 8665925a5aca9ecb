package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.ConvoxConfig.RollbackEnvironment;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackBuild;
import io.rackgateway.deploy.convox.RackLog;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the release that a run will promote, and promotes nothing. */
final class Building {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int TAIL = 30;

  private final ConvoxConfig config;
  private final Rack rack;
  private final BuildContext context;
  private final Releases releases;
  private final ReleaseAddress address;
  private final Waits waits;
  private final Events events;

  Building(
      ConvoxConfig config,
      Rack rack,
      BuildContext context,
      Releases releases,
      ReleaseAddress address,
      Waits waits,
      Events events) {
    this.config = config;
    this.rack = rack;
    this.context = context;
    this.releases = releases;
    this.address = address;
    this.waits = waits;
    this.events = events;
  }

  /**
   * Builds the target's release, or finds the build of an earlier attempt and waits for it.
   *
   * @throws DeployException.StepFailed if the build fails, with the end of its log
   */
  void build(RunId run, Plan plan) {
    if (releases.prepared(run).isPresent()) {
      return;
    }
    setVariables(run, plan);
    String description = Releases.of(run, ConvoxEffects.PREPARED + plan.to());
    Path[] packed = new Path[1];
    try {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("manifest", name());
      String commit = config.commit();
      if (commit != null) {
        options.put("git-sha", commit);
      }
      RackBuild build =
          rack.startBuild(
              () -> {
                // Once, however often it has to be sent.
                Path archive = packed[0] == null ? pack(plan) : packed[0];
                packed[0] = archive;
                return archive;
              },
              run.value(),
              description,
              options);
      await(build.id());
    } finally {
      delete(packed[0]);
    }
  }

  private Path pack(Plan plan) {
    BuildContext.Packed packed = context.pack(edited(plan), waits.cancellation()::throwIfPending);
    packed.files().ifPresent(files -> events.emit(new Event.Notice(files)));
    return packed.archive();
  }

  private String name() {
    return String.valueOf(config.manifest().getFileName());
  }

  private byte[] edited(Plan plan) {
    try {
      return ManifestEdits.edited(Files.readAllBytes(config.manifest()), plan.edits());
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          config.manifest() + " cannot be read: " + IoFailure.describe(e),
          "bring it back, then run the same command again");
    }
  }

  /** A build takes the environment of the newest release, so that it has to be there before. */
  private void setVariables(RunId run, Plan plan) {
    RackRelease active = rack.release(rack.app().release());
    Map<String, String> changes = change(active, plan.toReference()).variables();
    Map<String, String> wanted = new LinkedHashMap<>(active.variables());
    wanted.putAll(changes);
    // The newest release need not be the active one: somebody may have set a variable and not
    // promoted it, which is not this run's business to roll out.
    RackRelease newest = releases.recent().get(0);
    if (!wanted.equals(newest.variables())) {
      RackRelease unused =
          rack.createRelease(
              active, null, changes, Releases.of(run, "environment for " + plan.to()));
    }
  }

  private TagChange change(RackRelease active, String reference) {
    try {
      return TagChange.of(
          config.manifest(),
          ConvoxManifest.parse(config.manifest().toString(), Files.readAllBytes(config.manifest())),
          active.variables(),
          ImageReference.parse(reference));
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          config.manifest() + " cannot be read: " + IoFailure.describe(e),
          "bring it back, then run the same command again");
    }
  }

  private void await(String id) {
    Deque<String> tail = new ArrayDeque<>();
    Waits.Wakeup wakeup = new Waits.Wakeup();
    Optional<RackBuild> built;
    try (RackLog log =
        rack.buildLog(
            id,
            line -> {
              synchronized (tail) {
                tail.addLast(line);
                if (tail.size() > TAIL) {
                  tail.removeFirst();
                }
              }
              events.emit(new Event.Output("build", line));
            })) {
      // The log ends when the build does, or breaks off: looking tells which.
      log.atEnd(wakeup::signal);
      built =
          waits.until(
              "build " + id,
              config.buildTimeout(),
              POLL,
              wakeup,
              () -> {
                RackBuild now = rack.build(id);
                return now.complete() || now.failed() ? Optional.of(now) : Optional.empty();
              });
    }
    if (built.isEmpty()) {
      throw failed(
          "build " + id + " was not done within " + config.buildTimeout().toMinutes() + " min",
          "see 'convox builds logs " + id + "', or give it longer with deploy.convox.buildTimeout",
          tail);
    }
    if (built.get().failed()) {
      String reason = built.get().reason();
      throw failed(
          "build " + id + " failed" + (reason.isEmpty() ? "" : ": " + reason),
          "see the end of its log, above, or all of it by 'convox builds logs " + id + "'",
          tail);
    }
  }

  private static DeployException failed(String summary, String next, Deque<String> tail) {
    synchronized (tail) {
      return new DeployException.StepFailed(new Problem(summary, next, new ArrayList<>(tail)));
    }
  }

  /** Makes a release of a build that ran before, with the environment that is configured. */
  void reuse(RunId run, Plan plan) {
    if (releases.prepared(run).isPresent()) {
      return;
    }
    RackRelease active = rack.release(rack.app().release());
    RackRelease old =
        releases
            .running(plan.toReference())
            .orElseThrow(
                () ->
                    new DeployException.StepFailed(
                        "no release on "
                            + rack.display()
                            + " runs "
                            + plan.toReference()
                            + " any more",
                        "make a new plan"));
    RackRelease unused =
        restored(active, old, old, Releases.of(run, ConvoxEffects.PREPARED + plan.to()));
  }

  /** The prepared release, or the same with the database's address where that was changed since. */
  RackRelease ready(RunId run, Plan plan) {
    RackRelease prepared = releases.require(run);
    Map<String, String> changes = address.pending();
    if (prepared.variables().entrySet().containsAll(changes.entrySet())) {
      return prepared;
    }
    return rack.createRelease(
        prepared,
        null,
        changes,
        Releases.of(run, ConvoxEffects.PREPARED + plan.to() + " with its database restored"));
  }

  /** Makes a release of the build that ran before the run. */
  RackRelease back(RunId run, Plan plan, RackRelease active, RackRelease old) {
    return restored(
        active,
        old,
        releases.before(run, old.build()).orElse(old),
        Releases.of(run, "back to " + plan.from()));
  }

  /**
   * A release of an old build.
   *
   * @param before the release whose environment comes back where that is configured
   */
  private RackRelease restored(
      RackRelease active, RackRelease old, RackRelease before, String description) {
    boolean keep = config.rollbackEnvironment() == RollbackEnvironment.CURRENT;
    RackRelease origin = releases.origin(old.build()).orElse(old);
    Map<String, String> changes = new LinkedHashMap<>(tag(origin));
    changes.putAll(address.pending());
    return rack.createRelease(keep ? active : before, old.build(), changes, description);
  }

  /** The variable that the image is made of belongs to the build, with the value it had then. */
  private static Map<String, String> tag(RackRelease origin) {
    ConvoxManifest manifest =
        ConvoxManifest.parse("the manifest of release " + origin.id(), origin.manifest());
    Map<String, String> known = origin.variables();
    Map<String, String> tag = new LinkedHashMap<>();
    for (String service : manifest.services()) {
      manifest
          .image(service)
          .flatMap(setting -> ConvoxManifest.variable(setting.text()))
          .filter(known::containsKey)
          .ifPresent(name -> tag.put(name, String.valueOf(known.get(name))));
    }
    return tag;
  }

  private static void delete(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // A small file among the temporary ones, which the system clears away.
      }
    }
  }
}
