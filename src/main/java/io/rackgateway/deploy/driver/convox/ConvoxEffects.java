package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.convox.PromoteOptions;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackApp;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.convox.RackService;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Turns the steps of a plan into effects, and adds those that undo them. */
final class ConvoxEffects {

  static final String APPROVAL = "await-approval";
  static final String BUILD = "build-release";
  static final String REUSE = "reuse-build";
  static final String STOP = "stop";
  static final String MIGRATE = "run-migrations";
  static final String EDIT = "edit-manifest";
  static final String PROMOTE = "promote-release";
  static final String AWAIT = "await-rollout";

  /** How the description of a prepared release goes on. */
  static final String PREPARED = "to ";

  private static final Duration POLL = Duration.ofSeconds(1);

  private final ConvoxConfig config;
  private final Rack rack;
  private final Releases releases;
  private final ReleaseAddress address;
  private final Processes processes;
  private final Building building;
  private final OneOff oneOff;
  private final Clearance clearance;
  private final ManifestEdits manifests;
  private final Waits waits;
  private final Events events;

  ConvoxEffects(
      ConvoxConfig config,
      Rack rack,
      Releases releases,
      ReleaseAddress address,
      Processes processes,
      Building building,
      OneOff oneOff,
      Clearance clearance,
      Waits waits,
      Events events) {
    this.config = config;
    this.rack = rack;
    this.releases = releases;
    this.address = address;
    this.processes = processes;
    this.building = building;
    this.oneOff = oneOff;
    this.clearance = clearance;
    this.manifests = new ManifestEdits(events);
    this.waits = waits;
    this.events = events;
  }

  List<Effect> of(Phase phase, Deployment deployment) {
    return switch (phase) {
      case ROLLBACK -> back(deployment);
      case RESTORE -> List.of(new Effect(phase, STOP, stopText(), () -> scale(0)));
      default -> forward(phase, deployment);
    };
  }

  String stopText() {
    return "stop every copy: convox scale " + config.service() + " --count 0";
  }

  /** The plan's own steps: what was approved is what is done. */
  private List<Effect> forward(Phase phase, Deployment deployment) {
    Plan plan = deployment.plan();
    RunId run = deployment.run();
    Map<String, Effect.Action> actions =
        switch (phase) {
          case PREPARE ->
              Map.of(
                  APPROVAL, () -> clearance.ensure(plan),
                  BUILD, () -> building.build(run, plan),
                  REUSE, () -> building.reuse(run, plan));
          case MIGRATE -> Map.of(STOP, () -> scale(0), MIGRATE, () -> migrate(run, plan));
          case ROLLOUT ->
              Map.of(
                  STOP, () -> scale(0),
                  EDIT, () -> manifests.applyAll(plan.edits()),
                  PROMOTE, () -> promote(run, plan),
                  AWAIT, () -> awaitRollout(releases.require(run).id(), plan));
          default -> Map.of();
        };
    List<Effect> effects = new ArrayList<>();
    plan.steps().stream()
        .filter(step -> step.phase() == phase && actions.containsKey(step.name()))
        .forEach(
            step ->
                effects.add(
                    new Effect(
                        phase,
                        step.name(),
                        step.description(),
                        Objects.requireNonNull(actions.get(step.name())))));
    return effects;
  }

  private void migrate(RunId run, Plan plan) {
    RackRelease release = releases.require(run);
    clearance.ensure(plan);
    oneOff.migrate(migrateService(release), release.id());
  }

  /** The guide's own service for this has a role that may change the schema. */
  String migrateService(RackRelease release) {
    String configured = config.migrateService();
    if (configured != null) {
      return configured;
    }
    return ConvoxManifest.parse("release " + release.id(), release.manifest())
            .services()
            .contains("admin")
        ? "admin"
        : config.service();
  }

  private void promote(RunId run, Plan plan) {
    RackApp app = rack.app();
    if (app.release().equals(releases.require(run).id())) {
      return;
    }
    throwIfBusy(app);
    clearance.ensure(plan);
    RackRelease release = building.ready(run, plan);
    rack.promote(release.id(), options());
  }

  private static void throwIfBusy(RackApp app) {
    if (!app.settled()) {
      throw new DeployException.StepFailed(
          "the app " + app.name() + " is " + app.status() + " already, by somebody else",
          "wait until it is running ('convox apps info'), then run the same command again");
    }
  }

  private PromoteOptions options() {
    return new PromoteOptions(config.minimum(), config.maximum(), config.rolloutTimeout());
  }

  private void awaitRollout(String release, Plan plan) {
    new RolloutWait(rack, processes, waits, events)
        .await(release, Math.max(1, plan.instances().size()), limit());
  }

  /** The rack's own limit comes first, so that its going back is seen. */
  private Duration limit() {
    return config.rolloutTimeout().plusMinutes(1);
  }

  private void scale(int count) {
    if (configured() != count) {
      rack.scale(config.service(), count);
    }
    boolean done =
        waits.untilTrue(
            count == 0 ? "every copy to stop" : count + " copies to run",
            config.rolloutTimeout(),
            POLL,
            new Waits.Wakeup(),
            () ->
                count == 0
                    ? processes.copies().isEmpty()
                    : processes.copies().stream().filter(p -> p.running()).count() >= count);
    if (!done) {
      throw new DeployException.StepFailed(
          "service "
              + config.service()
              + " was not scaled to "
              + count
              + " within "
              + config.rolloutTimeout().toSeconds()
              + " s",
          "see 'convox ps' and 'convox scale', then run 'resume'");
    }
  }

  private int configured() {
    return rack.services().stream()
        .filter(service -> service.name().equals(config.service()))
        .map(RackService::count)
        .findFirst()
        .orElse(-1);
  }

  // Back

  private List<Effect> back(Deployment deployment) {
    Plan plan = deployment.plan();
    RunId run = deployment.run();
    return List.of(
        new Effect(
            Phase.ROLLBACK,
            "end-migration",
            "end the process in which migrations run, if it is there",
            () -> endMigration(run)),
        new Effect(
            Phase.ROLLBACK,
            "restore-manifest",
            "put back what the manifest said",
            () -> restoreManifest(plan)),
        new Effect(
            Phase.ROLLBACK,
            "settle",
            "wait until the rack is done with the rollout, or has gone back by itself",
            () -> settle(run)),
        new Effect(
            Phase.ROLLBACK,
            "restore-release",
            "make the build of " + plan.fromReference() + " the newest release, and promote it",
            () -> restoreRelease(run, plan)),
        new Effect(
            Phase.ROLLBACK,
            "await-restored",
            "wait until every copy runs " + plan.fromReference() + " again",
            () -> awaitRestored(plan)));
  }

  private void endMigration(RunId run) {
    Optional<RackRelease> release = releases.prepared(run);
    // Migrations have ended before a release is promoted; later commands in it are somebody else's.
    if (release.isPresent() && !rack.app().release().equals(release.get().id())) {
      oneOff.endAll(migrateService(release.get()), release.get().id());
    }
  }

  private void restoreManifest(Plan plan) {
    List<ManifestEdit> edits = new ArrayList<>(plan.edits());
    Collections.reverse(edits);
    for (ManifestEdit edit : edits) {
      manifests.revert(
          edit,
          content ->
              ConvoxManifest.parse(edit.file(), content).services().stream()
                  .flatMap(
                      service -> ConvoxManifest.parse(edit.file(), content).image(service).stream())
                  .filter(
                      setting ->
                          setting.text().equals(edit.after())
                              || setting.text().equals(edit.before()))
                  .findFirst());
    }
  }

  /** A rack takes no promotion while it is at one; ours is ended first. */
  private void settle(RunId run) {
    RackApp app = rack.app();
    if (app.settled()) {
      return;
    }
    boolean ours = releases.prepared(run).filter(r -> r.id().equals(app.release())).isPresent();
    if (ours && !app.rollingBack()) {
      rack.cancelRollout();
    }
    boolean settled =
        waits.untilTrue(
            "the rack to be done with the app",
            limit(),
            POLL,
            new Waits.Wakeup(),
            () -> rack.app().settled());
    if (!settled) {
      throw new DeployException.StepFailed(
          "the app " + app.name() + " is still " + rack.app().status(),
          "see 'convox apps info' and the rack's logs, then run 'resume'");
    }
  }

  /**
   * Promotes a new release of the old build. Promoting the old release itself would leave the new
   * one the newest, from which {@code convox env set} makes the next.
   */
  private void restoreRelease(RunId run, Plan plan) {
    Optional<RackRelease> prepared = releases.prepared(run);
    RackApp app = rack.app();
    RackRelease active = rack.release(app.release());
    boolean changed = !active.build().equals(plan.fromImage()) || !address.pending().isEmpty();
    if (!changed && prepared.isEmpty()) {
      return;
    }
    String build = Objects.requireNonNullElse(plan.fromImage(), active.build());
    RackRelease old = releases.origin(build).orElse(active);
    if (!changed) {
      makeNewest(run, plan, active, old);
      return;
    }
    RackRelease restored = building.back(run, plan, active, old);
    events.emit(
        new Event.Notice(
            "release " + restored.id() + " is the build of " + old.id() + " again: " + build));
    rack.promote(restored.id(), options());
  }

  /** Nothing was promoted, so that there is nothing to undo where this is not allowed. */
  private void makeNewest(RunId run, Plan plan, RackRelease active, RackRelease old) {
    try {
      RackRelease unused = building.back(run, plan, active, old);
    } catch (DeployException.StepFailed e) {
      events.emit(
          new Event.Notice(
              "the release that was not promoted stays the newest one, from which 'convox env set'"
                  + " makes the next: "
                  + e.problem().summary()));
    }
  }

  private void awaitRestored(Plan plan) {
    int count = plan.instances().size();
    RackApp app = rack.app();
    if (count > 0 && configured() == 0) {
      rack.scale(config.service(), count);
    }
    new RolloutWait(rack, processes, waits, events).await(app.release(), count, limit());
  }
}
