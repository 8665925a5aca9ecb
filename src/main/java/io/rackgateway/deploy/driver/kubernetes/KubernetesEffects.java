package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.KubernetesFile;
import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns the steps of a plan into effects, and adds those that undo them. */
final class KubernetesEffects {

  static final String DRY_RUN = "dry-run";
  static final String STOP = "stop";
  static final String MIGRATE = "run-migrations";
  static final String EDIT = "edit-manifests";
  static final String APPLY = "apply-image";
  static final String REVISION = "restore-revision";
  static final String START = "start";
  static final String AWAIT = "await-rollout";

  private final KubernetesConfig config;
  private final Workload workload;
  private final ImageApply images;
  private final MigrationRun migrations;
  private final RolloutWatch rollout;
  private final ManifestEdits manifests;
  private final Events events;

  KubernetesEffects(
      KubernetesConfig config,
      Workload workload,
      ImageApply images,
      MigrationRun migrations,
      RolloutWatch rollout,
      Events events) {
    this.config = config;
    this.workload = workload;
    this.images = images;
    this.migrations = migrations;
    this.rollout = rollout;
    this.manifests = new ManifestEdits(events);
    this.events = events;
  }

  List<Effect> of(Phase phase, RunId run, Plan plan) {
    return switch (phase) {
      case ROLLBACK -> back(run, plan);
      case RESTORE -> List.of(new Effect(phase, STOP, stopText(), this::stop));
      default -> forward(phase, run, plan);
    };
  }

  String stopText() {
    return "scale Deployment " + workload.name() + " to 0, and wait until no pod is left";
  }

  /** The plan's own steps: what was approved is what is done. */
  private List<Effect> forward(Phase phase, RunId run, Plan plan) {
    Map<String, Effect.Action> actions =
        switch (phase) {
          case PREPARE -> Map.of(DRY_RUN, () -> dryRun(run, plan));
          case MIGRATE -> Map.of(STOP, this::stop, MIGRATE, () -> migrate(run, plan));
          case ROLLOUT ->
              Map.of(
                  EDIT, () -> edit(plan.edits()),
                  APPLY, () -> apply(run, plan),
                  REVISION, () -> revision(run, plan),
                  START, () -> start(plan),
                  AWAIT, () -> await(plan.toReference(), digests(plan)));
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

  private static ImageReference target(Plan plan) {
    return ImageReference.parse(plan.toReference());
  }

  private void dryRun(RunId run, Plan plan) {
    Deployment deployment = workload.deployment();
    if (config.apply()) {
      images.dryRun(deployment, target(plan));
    }
    if (plan.steps().stream().anyMatch(step -> step.name().equals(MIGRATE))) {
      migrations.dryRun(run, deployment, target(plan));
    }
  }

  private void stop() {
    int unused = images.scale(0);
    rollout.awaitNone(config.rolloutTimeout());
  }

  private void migrate(RunId run, Plan plan) {
    migrations.migrate(run, workload.deployment(), target(plan));
  }

  private void edit(List<ManifestEdit> edits) {
    Map<String, List<ManifestEdit>> files = new LinkedHashMap<>();
    edits.forEach(e -> files.computeIfAbsent(e.file(), file -> new ArrayList<>()).add(e));
    files.values().forEach(manifests::applyAll);
  }

  private void apply(RunId run, Plan plan) {
    Deployment deployment = workload.deployment();
    if (names(deployment, plan.toReference())) {
      return;
    }
    requirePlanned(deployment, plan);
    images.apply(deployment, target(plan), notes(run, plan));
  }

  private static Map<String, String> notes(RunId run, Plan plan) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(ImageApply.RUN, run.value());
    notes.put(ImageApply.PREVIOUS_IMAGE, plan.fromReference());
    notes.put(ImageApply.PREVIOUS_REVISION, String.valueOf(plan.fromImage()));
    return notes;
  }

  private boolean names(Deployment deployment, String reference) {
    return workload
        .imageOf(deployment.getSpec().getTemplate())
        .filter(reference::equals)
        .isPresent();
  }

  private void requirePlanned(Deployment deployment, Plan plan) {
    String now = workload.imageOf(deployment.getSpec().getTemplate()).orElse("");
    if (!now.equals(plan.fromReference())) {
      throw new DeployException.StepFailed(
          "Deployment "
              + workload.name()
              + " names "
              + now
              + ", not "
              + plan.fromReference()
              + " as when the plan was made",
          "find out who changed it, then make a new plan");
    }
  }

  private void revision(RunId run, Plan plan) {
    Deployment deployment = workload.deployment();
    if (names(deployment, plan.toReference())) {
      return;
    }
    requirePlanned(deployment, plan);
    Optional<ReplicaSet> wanted = revisionOf(deployment, plan.toReference());
    if (wanted.isPresent()) {
      images.restore(template(wanted.get().getSpec().getTemplate()), notes(run, plan));
    } else {
      images.apply(deployment, target(plan), notes(run, plan));
    }
  }

  /** The newest revision that ran an image. */
  Optional<ReplicaSet> revisionOf(Deployment deployment, String reference) {
    return workload.revisions(deployment).stream()
        .filter(
            set ->
                workload.imageOf(set.getSpec().getTemplate()).filter(reference::equals).isPresent())
        .findFirst();
  }

  private static String template(PodTemplateSpec template) {
    return Serialization.asJson(Workload.withoutHash(template));
  }

  private void start(Plan plan) {
    int unused = images.scale(Math.max(1, plan.instances().size()));
  }

  private void await(String reference, Set<String> digests) {
    rollout.await(
        new RolloutWatch.Goal(reference, !config.apply(), digests), config.rolloutTimeout());
  }

  /** A pinned image is what it says; a tag may have been moved since the plan was made. */
  private static Set<String> digests(Plan plan) {
    ImageFacts image = plan.outlook().image();
    boolean pinned = target(plan).digest() != null;
    return pinned || image == null || !image.digest().startsWith("sha256:")
        ? Set.of()
        : Set.of(image.digest());
  }

  // Back

  private List<Effect> back(RunId run, Plan plan) {
    List<Effect> effects = new ArrayList<>();
    effects.add(
        effect(
            "end-migration",
            "end the Job in which migrations run, if it still does",
            () -> migrations.end(run)));
    effects.add(
        effect(
            "restore-manifests", "put back what the manifests said", () -> restoreManifests(plan)));
    if (config.apply()) {
      effects.add(
          effect(
              "restore-template",
              "give Deployment "
                  + workload.name()
                  + " back the template of "
                  + (plan.fromImage() == null ? plan.fromReference() : plan.fromImage()),
              () -> restoreTemplate(run, plan)));
    }
    effects.add(
        effect("start", "start as many pods as ran before, where none runs", () -> start(plan)));
    effects.add(
        effect(
            "await-restored",
            "wait until every pod runs " + plan.fromReference() + " again",
            () -> await(plan.fromReference(), Set.of())));
    return effects;
  }

  private static Effect effect(String name, String description, Effect.Action action) {
    return new Effect(Phase.ROLLBACK, name, description, action);
  }

  private void restoreManifests(Plan plan) {
    List<ManifestEdit> edits = new ArrayList<>(plan.edits());
    Collections.reverse(edits);
    String repository = target(plan).repository();
    for (ManifestEdit edit : edits) {
      manifests.revert(
          edit,
          content ->
              KubernetesFile.parse(edit.file(), content).places(repository).stream()
                  .map(KubernetesFile.Place::setting)
                  .filter(
                      setting ->
                          setting.text().equals(edit.after())
                              || setting.text().equals(edit.before()))
                  .findFirst());
    }
  }

  private void restoreTemplate(RunId run, Plan plan) {
    Deployment deployment = workload.deployment();
    List<ReplicaSet> revisions = workload.revisions(deployment);
    Optional<ReplicaSet> before =
        revisions.stream()
            .filter(set -> set.getMetadata().getName().equals(plan.fromImage()))
            .findFirst();
    if (before.isEmpty()) {
      if (!names(deployment, plan.fromReference())) {
        events.emit(
            new Event.Notice(
                "the ReplicaSet "
                    + plan.fromImage()
                    + " that ran before is gone: only the image is put back"));
        images.apply(
            deployment,
            ImageReference.parse(plan.fromReference()),
            Map.of(ImageApply.RUN, run.value()));
      }
      return;
    }
    PodTemplateSpec wanted = Workload.withoutHash(before.get().getSpec().getTemplate());
    if (!wanted.equals(Workload.withoutHash(deployment.getSpec().getTemplate()))) {
      images.restore(template(wanted), Map.of(ImageApply.RUN, run.value()));
    }
  }
}
