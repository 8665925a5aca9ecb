package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.manifest.KubernetesFile;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Works out the way to a target: the edits, the steps, and what forbids it. */
final class KubernetesPlanner {

  private final Cluster cluster;
  private final KubernetesConfig config;
  private final MigrateConfig migrate;
  private final Workload workload;
  private final ImageApply images;
  private final KubernetesEffects effects;

  KubernetesPlanner(
      Cluster cluster,
      KubernetesConfig config,
      MigrateConfig migrate,
      Workload workload,
      ImageApply images,
      KubernetesEffects effects) {
    this.cluster = cluster;
    this.config = config;
    this.migrate = migrate;
    this.workload = workload;
    this.images = images;
    this.effects = effects;
  }

  DriverPlan plan(Observation observation, Target target) {
    Gate permissions =
        new Permissions(cluster)
            .gate(config.apply(), target.migrate(), !migrate.environment().isEmpty());
    Deployment deployment = workload.deployment();
    List<ReplicaSet> revisions = workload.revisions(deployment);
    ImageReference current = ImageReference.parse(observation.reference());
    String digest = target.digest();
    ImageReference wanted = current.withTag(target.version().tag());
    ImageReference asked = digest == null ? wanted : wanted.withDigest(digest);
    boolean down =
        observation.knownVersion().filter(v -> target.version().compareTo(v) < 0).isPresent();
    Optional<ReplicaSet> before =
        down && config.apply() ? earlier(revisions, target, asked) : Optional.empty();
    // A revision is brought back with the very image that it had, pinned or not.
    ImageReference to =
        before
            .flatMap(set -> workload.imageOf(set.getSpec().getTemplate()))
            .map(ImageReference::parse)
            .orElse(asked);
    List<ManifestEdit> edits = edits(to);
    return new DriverPlan(
        Workload.current(deployment, revisions)
            .map(set -> set.getMetadata().getName())
            .orElse(null),
        to.toString(),
        config.strategy(),
        edits,
        steps(target, to, edits, before),
        gates(deployment, current, to, permissions, before, revisions, edits),
        interruption(observation, deployment),
        "give Deployment "
            + workload.name()
            + " back the whole template of the ReplicaSet that runs now, and wait until its pods"
            + " are ready");
  }

  private Optional<ReplicaSet> earlier(
      List<ReplicaSet> revisions, Target target, ImageReference asked) {
    return revisions.stream()
        .filter(
            set ->
                workload
                    .imageOf(set.getSpec().getTemplate())
                    .map(ImageReference::parse)
                    .filter(image -> image.version().filter(target.version()::equals).isPresent())
                    .filter(
                        image -> asked.digest() == null || asked.digest().equals(image.digest()))
                    .isPresent())
        .findFirst();
  }

  /** Every manifest, and the one of the migrations' Job. */
  private List<ManifestEdit> edits(ImageReference to) {
    Path job = JobTemplate.manifest(config);
    Set<Path> files = new TreeSet<>();
    config.manifests().forEach(file -> files.add(path(config.directory().resolve(file))));
    if (job != null) {
      files.add(path(job));
    }
    if (files.isEmpty() && !config.apply()) {
      throw new DeployException.Usage(
          "deploy.kubernetes.apply is false, but no manifests are named: nothing would be changed",
          "name the files that Argo CD or Flux watches in deploy.kubernetes.manifests");
    }
    List<ManifestEdit> edits = new ArrayList<>();
    for (Path file : files) {
      try {
        edits.addAll(KubernetesFile.edits(file, Files.readAllBytes(file), to));
      } catch (IOException e) {
        throw new DeployException.Usage(
            file + " cannot be read: " + IoFailure.describe(e),
            "correct deploy.kubernetes.manifests, which is relative to deploy.kubernetes.directory");
      }
    }
    return edits;
  }

  private static Path path(Path file) {
    return file.toAbsolutePath().normalize();
  }

  private List<PlannedStep> steps(
      Target target, ImageReference to, List<ManifestEdit> edits, Optional<ReplicaSet> before) {
    List<PlannedStep> steps = new ArrayList<>();
    String where = "Deployment " + workload.name() + " in " + cluster.display();
    if (config.apply() || target.migrate()) {
      steps.add(
          new PlannedStep(
              Phase.PREPARE,
              KubernetesEffects.DRY_RUN,
              "have the API server judge the changes to " + where + " (dry run)"));
    }
    boolean stop = config.strategy() == Strategy.STOP_FIRST;
    if (stop) {
      steps.add(new PlannedStep(Phase.MIGRATE, KubernetesEffects.STOP, effects.stopText()));
    }
    if (target.migrate()) {
      String job = config.migrationJob();
      steps.add(
          new PlannedStep(
              Phase.MIGRATE,
              KubernetesEffects.MIGRATE,
              job == null
                  ? "run '"
                      + String.join(" ", migrate.command())
                      + "' in a Job of its own with "
                      + to
                  : "run the Job of " + job + " with " + to + ", under a name of its own"));
    }
    if (!edits.isEmpty()) {
      steps.add(
          new PlannedStep(
              Phase.ROLLOUT,
              KubernetesEffects.EDIT,
              edits.stream().map(KubernetesPlanner::describe).collect(Collectors.joining("; "))));
    }
    if (config.apply()) {
      steps.add(
          before
              .map(
                  set ->
                      new PlannedStep(
                          Phase.ROLLOUT,
                          KubernetesEffects.REVISION,
                          "give "
                              + where
                              + " back the template of ReplicaSet "
                              + set.getMetadata().getName()
                              + " (revision "
                              + Workload.revision(set)
                              + ")"))
              .orElseGet(
                  () ->
                      new PlannedStep(
                          Phase.ROLLOUT,
                          KubernetesEffects.APPLY,
                          "apply "
                              + to
                              + " to "
                              + where
                              + ", as field manager "
                              + Cluster.MANAGER)));
    }
    if (stop || target.stopped()) {
      steps.add(
          new PlannedStep(
              Phase.ROLLOUT, KubernetesEffects.START, "start as many pods as ran before"));
    }
    steps.add(
        new PlannedStep(
            Phase.ROLLOUT,
            KubernetesEffects.AWAIT,
            "wait until every pod is of the new template and ready, and none of the old is left;"
                + " at most "
                + config.rolloutTimeout().toSeconds()
                + " s"));
    return steps;
  }

  private static String describe(ManifestEdit edit) {
    return "change line "
        + edit.line()
        + " of "
        + edit.file()
        + ": '"
        + edit.before()
        + "' becomes '"
        + edit.after()
        + "'";
  }

  private List<Gate> gates(
      Deployment deployment,
      ImageReference current,
      ImageReference to,
      Gate permissions,
      Optional<ReplicaSet> before,
      List<ReplicaSet> revisions,
      List<ManifestEdit> edits) {
    List<Gate> gates = new ArrayList<>();
    gates.add(permissions);
    gates.add(state(deployment));
    if (config.apply() && permissions.result() != Gate.Result.BLOCK) {
      gates.add(owners(deployment, to));
    }
    gitOps(deployment).ifPresent(gates::add);
    gates.add(history(deployment));
    autoscaler().ifPresent(gates::add);
    ports(deployment).ifPresent(gates::add);
    drift(current, edits).ifPresent(gates::add);
    before.flatMap(set -> templates(deployment, set)).ifPresent(gates::add);
    if (Workload.current(deployment, revisions).isEmpty()) {
      gates.add(
          Gate.block(
              "revision",
              "no ReplicaSet has the Deployment's template: its controller has not come to it",
              "see whether the controller manager runs: kubectl rollout status deployment/"
                  + workload.name()));
    }
    return gates;
  }

  private Gate state(Deployment deployment) {
    String name = "deployment";
    String command = "kubectl rollout status deployment/" + workload.name();
    if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
      return Gate.block(
          name,
          "Deployment " + workload.name() + " is paused: its controller would change no pods",
          "kubectl rollout resume deployment/" + workload.name());
    }
    long wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    long updated =
        deployment.getStatus() == null
            ? 0
            : Objects.requireNonNullElse(deployment.getStatus().getUpdatedReplicas(), 0);
    long all =
        deployment.getStatus() == null
            ? 0
            : Objects.requireNonNullElse(deployment.getStatus().getReplicas(), 0);
    return updated < wanted || all > updated
        ? Gate.warn(
            name,
            "a rollout of Deployment "
                + workload.name()
                + " is under way: "
                + updated
                + " of "
                + wanted
                + " pods are of its template, and "
                + (all - updated)
                + " of older ones",
            "wait until it is over: " + command)
        : Gate.pass(name, "every pod is of the Deployment's template");
  }

  private Gate owners(Deployment deployment, ImageReference to) {
    Set<String> owners = images.conflicts(deployment, to);
    Set<String> strangers = new TreeSet<>(owners);
    strangers.removeAll(config.takeOver());
    if (!strangers.isEmpty()) {
      return Gate.block(
          "field-owner",
          "the image of Deployment "
              + workload.name()
              + " is managed by "
              + String.join(", ", strangers)
              + ", which would set it back",
          "change it there; or set deploy.kubernetes.apply: false, where it is a GitOps controller;"
              + " or name it in deploy.kubernetes.takeOver");
    }
    return Gate.pass(
        "field-owner",
        owners.isEmpty()
            ? "nobody else manages the image"
            : "the image is taken over from " + String.join(", ", owners));
  }

  private Optional<Gate> gitOps(Deployment deployment) {
    Map<String, String> labels =
        Objects.requireNonNullElse(deployment.getMetadata().getLabels(), Map.of());
    Map<String, String> notes =
        Objects.requireNonNullElse(deployment.getMetadata().getAnnotations(), Map.of());
    String manager = null;
    if (labels.containsKey("argocd.argoproj.io/instance")
        || notes.containsKey("argocd.argoproj.io/tracking-id")) {
      manager = "Argo CD";
    } else if (labels.containsKey("kustomize.toolkit.fluxcd.io/name")
        || labels.containsKey("helm.toolkit.fluxcd.io/name")) {
      manager = "Flux";
    }
    if (manager == null || !config.apply()) {
      return Optional.empty();
    }
    return Optional.of(
        Gate.warn(
            "gitops",
            "Deployment "
                + workload.name()
                + " is managed by "
                + manager
                + ", which may set the image back",
            "set deploy.kubernetes.apply: false and name the manifests it watches: they are edited,"
                + " and its rollout is waited for"));
  }

  private Gate history(Deployment deployment) {
    Integer limit = deployment.getSpec().getRevisionHistoryLimit();
    return limit != null && limit == 0
        ? Gate.warn(
            "revision-history",
            "revisionHistoryLimit of Deployment "
                + workload.name()
                + " is 0: the template that runs now is not kept, and a rollback can put back the"
                + " image alone",
            "set it to 2 or more")
        : Gate.pass("revision-history", "the template that runs now is kept for a rollback");
  }

  private Optional<Gate> autoscaler() {
    return cluster
        .ask(
            "reading HorizontalPodAutoscalers",
            () ->
                cluster
                    .client()
                    .autoscaling()
                    .v2()
                    .horizontalPodAutoscalers()
                    .inNamespace(cluster.namespace())
                    .list())
        .stream()
        .flatMap(list -> list.getItems().stream())
        .filter(
            hpa ->
                "Deployment".equals(hpa.getSpec().getScaleTargetRef().getKind())
                    && workload.name().equals(hpa.getSpec().getScaleTargetRef().getName()))
        .findFirst()
        .map(
            hpa ->
                Gate.pass(
                    "autoscaler",
                    "HorizontalPodAutoscaler "
                        + hpa.getMetadata().getName()
                        + " sets the number of pods; it leaves a Deployment alone that is scaled"
                        + " to 0"));
  }

  /** A port of the node is had once: a new pod beside the old one finds no node. */
  private Optional<Gate> ports(Deployment deployment) {
    var template = Workload.spec(deployment.getSpec().getTemplate());
    boolean fixed =
        Boolean.TRUE.equals(template.getHostNetwork())
            || template.getContainers().stream()
                .flatMap((Container c) -> c.getPorts().stream())
                .anyMatch(port -> port.getHostPort() != null);
    return fixed && surge(deployment)
        ? Optional.of(
            Gate.warn(
                "host-port",
                "the pods use ports of their node: on a cluster with no node to spare a new pod"
                    + " cannot be placed beside an old one",
                "set maxSurge: 0 and maxUnavailable: 1 in the Deployment's strategy"))
        : Optional.empty();
  }

  private static boolean surge(Deployment deployment) {
    DeploymentStrategy strategy = deployment.getSpec().getStrategy();
    if (strategy == null || strategy.getRollingUpdate() == null) {
      return strategy == null || !"Recreate".equals(strategy.getType());
    }
    return amount(strategy.getRollingUpdate().getMaxSurge(), 100, true) > 0;
  }

  private Optional<Gate> drift(ImageReference current, List<ManifestEdit> edits) {
    List<String> other =
        edits.stream()
            .filter(edit -> edit.before().contains(":"))
            .map(ManifestEdit::before)
            .filter(
                text -> {
                  try {
                    return !Objects.equals(ImageReference.parse(text).tag(), current.tag());
                  } catch (IllegalArgumentException e) {
                    return false;
                  }
                })
            .distinct()
            .toList();
    return other.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Gate.warn(
                "drift",
                "the manifests name "
                    + String.join(", ", other)
                    + ", but Deployment "
                    + workload.name()
                    + " runs "
                    + current,
                "find out which is meant"));
  }

  /** Going back to a revision brings back everything of its template. */
  private Optional<Gate> templates(Deployment deployment, ReplicaSet before) {
    var now = Workload.withoutHash(deployment.getSpec().getTemplate());
    var then = Workload.withoutHash(before.getSpec().getTemplate());
    String image = workload.imageOf(then).orElse("");
    var imageOnly = new io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder(now).build();
    Stream.concat(
            workload.containers(Workload.spec(imageOnly).getContainers()).stream(),
            workload.containers(Workload.spec(imageOnly).getInitContainers()).stream())
        .forEach(container -> container.setImage(image));
    return imageOnly.equals(then)
        ? Optional.empty()
        : Optional.of(
            Gate.warn(
                "template-back",
                "the template of ReplicaSet "
                    + before.getMetadata().getName()
                    + " differs from what runs now in more than the image, and comes back as a"
                    + " whole",
                "compare them: kubectl rollout history deployment/"
                    + workload.name()
                    + " --revision="
                    + Workload.revision(before)));
  }

  private String interruption(Observation observation, Deployment deployment) {
    if (observation.instances().isEmpty()) {
      return "none: the gateway is not running";
    }
    if (config.strategy() == Strategy.STOP_FIRST) {
      return "from before the migrations until the new pods are ready";
    }
    return keeps(deployment) > 0 ? "none: pods are replaced by and by" : "one restart";
  }

  /** How many pods are kept available during a rollout (apps/v1, RollingUpdateDeployment). */
  static int keeps(Deployment deployment) {
    int replicas = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    DeploymentStrategy strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      return 0;
    }
    IntOrString unavailable =
        strategy == null || strategy.getRollingUpdate() == null
            ? null
            : strategy.getRollingUpdate().getMaxUnavailable();
    int away = unavailable == null ? replicas / 4 : amount(unavailable, replicas, false);
    return Math.max(0, replicas - away);
  }

  private static int amount(@Nullable IntOrString value, int of, boolean up) {
    if (value == null) {
      return (of + 3) / 4;
    }
    if (value.getIntVal() != null) {
      return value.getIntVal();
    }
    String text = String.valueOf(value.getStrVal());
    if (!text.matches("\\d{1,4}%")) {
      return 0;
    }
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    return up ? (of * percent + 99) / 100 : of * percent / 100;
  }
}
