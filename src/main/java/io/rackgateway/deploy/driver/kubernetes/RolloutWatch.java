package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a rollout by watching the Deployment and its pods: what happens wakes it, and it asks
 * nothing while nothing happens. A watch that breaks off, or is too old, is begun anew with a list.
 */
final class RolloutWatch {

  /** Only limits of time are looked at this often; no call is made for it. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Workload workload;
  private final Evidence evidence;
  private final Duration scheduling;

  RolloutWatch(Cluster cluster, Workload workload, Duration scheduling) {
    this.cluster = cluster;
    this.workload = workload;
    this.evidence = new Evidence(cluster);
    this.scheduling = scheduling;
  }

  /**
   * What a rollout is to come to.
   *
   * @param reference the image that the Deployment names
   * @param patient whether somebody else is to name it, and may take time for that
   * @param digests what pods may run; empty for anything that goes by the reference
   */
  record Goal(String reference, boolean patient, Set<String> digests) {}

  /**
   * Waits until every pod is of the Deployment's template and ready, and no other is left.
   *
   * @throws DeployException.StepFailed as soon as that cannot come about any more, or when the
   *     limit passes
   */
  void await(Goal goal, Duration limit) {
    watch(
        limit, look -> look.arrived(goal), "the rollout of " + goal.reference() + " was not over");
  }

  /** Waits until no pod is left. */
  void awaitNone(Duration limit) {
    watch(limit, look -> look.none(), "the pods were not gone");
  }

  private void watch(Duration limit, java.util.function.Predicate<Look> over, String failure) {
    Deployment deployment = workload.deployment();
    Waits.Wakeup wakeup = new Waits.Wakeup();
    try (SharedIndexInformer<Deployment> deployments =
            Watches.begin(
                cluster,
                "watching Deployment " + deployment.getMetadata().getName(),
                () ->
                    cluster
                        .client()
                        .apps()
                        .deployments()
                        .inNamespace(cluster.namespace())
                        .withName(deployment.getMetadata().getName())
                        .runnableInformer(0),
                wakeup);
        SharedIndexInformer<Pod> pods =
            Watches.begin(
                cluster,
                "watching the pods",
                () ->
                    cluster
                        .client()
                        .pods()
                        .inNamespace(cluster.namespace())
                        .withLabelSelector(Workload.selector(deployment))
                        .runnableInformer(0),
                wakeup)) {
      Look look = new Look(deployments, pods);
      boolean done =
          cluster
              .waits()
              .until(
                  look::words,
                  limit,
                  LOOK,
                  wakeup,
                  () -> over.test(look) ? Optional.of(true) : Optional.empty())
              .isPresent();
      if (!done) {
        throw look.timedOut(failure + " within " + limit.toSeconds() + " s");
      }
    }
  }

  /** What the watches have brought. */
  private final class Look {
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<Pod> pods;
    private final Map<String, Long> unscheduled = new HashMap<>();
    private long generation = -1;
    private @Nullable String revision;
    private volatile String words = "the rollout to begin";

    Look(SharedIndexInformer<Deployment> deployments, SharedIndexInformer<Pod> pods) {
      this.deployments = deployments;
      this.pods = pods;
    }

    String words() {
      return words;
    }

    private List<Pod> all() {
      return pods.getStore().list().stream()
          .filter(pod -> !PodState.lost(pod, cluster.waits().clock().instant()))
          .filter(pod -> PodState.terminating(pod) || !PodState.over(pod))
          .toList();
    }

    boolean none() {
      List<Pod> left = all();
      words = left.size() + " pods to go";
      return left.isEmpty();
    }

    boolean arrived(Goal goal) {
      List<Deployment> found = deployments.getStore().list();
      if (found.isEmpty()) {
        throw new DeployException.StepFailed(
            "Deployment " + workload.name() + " was deleted during the rollout",
            "find out who deleted it, and apply its manifest again");
      }
      Deployment deployment = found.get(0);
      String image = workload.imageOf(deployment.getSpec().getTemplate()).orElse("");
      if (!image.equals(goal.reference())) {
        words = "Deployment " + workload.name() + " to name " + goal.reference();
        if (goal.patient()) {
          return false;
        }
        throw new DeployException.StepFailed(
            "somebody else changed Deployment "
                + workload.name()
                + " during the rollout: it names "
                + image
                + ", not "
                + goal.reference(),
            "find out who did: kubectl get deployment "
                + workload.name()
                + " -o yaml --show-managed-fields");
      }
      DeploymentStatus status = deployment.getStatus();
      long wanted = Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
      Long observed = status == null ? null : status.getObservedGeneration();
      if (status == null || observed == null || observed < wanted) {
        words = "the Deployment's controller to begin";
        return false;
      }
      throwIfStuck(deployment, status);
      String ours = revision(deployment, wanted);
      if (ours == null) {
        return false;
      }
      return allOf(ours, deployment, status, goal);
    }

    /** The ReplicaSet of the template; asked for once for each state of the Deployment. */
    private @Nullable String revision(Deployment deployment, long now) {
      if (generation != now || revision == null) {
        generation = now;
        revision =
            Workload.current(deployment, workload.revisions(deployment))
                .map(ReplicaSet::getMetadata)
                .map(meta -> meta.getName())
                .orElse(null);
      }
      return revision;
    }

    private boolean allOf(String ours, Deployment deployment, DeploymentStatus status, Goal goal) {
      int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
      int ready = 0;
      int others = 0;
      int fresh = 0;
      List<Pod> now = all();
      for (Pod pod : now) {
        if (PodState.terminating(pod) || !Workload.revisionOf(pod).equals(ours)) {
          others++;
          continue;
        }
        fresh++;
        throwIfTroubled(pod);
        if (PodState.ready(pod)) {
          ready++;
        }
      }
      words =
          ready
              + " of "
              + wanted
              + " new pods ready"
              + (others == 0 ? "" : ", " + others + " old ones left");
      boolean patience =
          Objects.requireNonNullElse(deployment.getSpec().getMinReadySeconds(), 0) > 0;
      boolean available =
          !patience || Objects.requireNonNullElse(status.getAvailableReplicas(), 0) >= wanted;
      if (ready < wanted || fresh > wanted || others > 0 || !available) {
        return false;
      }
      requireDigests(now, goal.digests());
      return true;
    }

    private void requireDigests(List<Pod> now, Set<String> planned) {
      for (Pod pod : now) {
        Optional<String> digest = PodState.digest(pod, workload.containerOf(pod));
        if (!planned.isEmpty() && digest.isPresent() && !planned.contains(digest.get())) {
          throw new DeployException.StepFailed(
              "pod "
                  + pod.getMetadata().getName()
                  + " runs the image "
                  + digest.get()
                  + ", but "
                  + String.join(" or ", planned)
                  + " was planned: the tag was moved since, or the node keeps another image"
                  + " under it",
              "pin the image with --digest");
        }
      }
    }

    private void throwIfStuck(Deployment deployment, DeploymentStatus status) {
      if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
        throw new DeployException.StepFailed(
            "Deployment " + workload.name() + " is paused: its controller changes no pods",
            "kubectl rollout resume deployment/" + workload.name());
      }
      for (DeploymentCondition condition : status.getConditions()) {
        boolean denied =
            "ReplicaFailure".equals(condition.getType()) && "True".equals(condition.getStatus());
        boolean late =
            "Progressing".equals(condition.getType())
                && "False".equals(condition.getStatus())
                && "ProgressDeadlineExceeded".equals(condition.getReason());
        if (denied) {
          throw failed(
              "pods of Deployment "
                  + workload.name()
                  + " are refused: "
                  + condition.getReason()
                  + ": "
                  + condition.getMessage(),
              "make room in the quota, or correct what refuses them",
              deployment);
        }
        if (late) {
          throw failed(
              "Deployment "
                  + workload.name()
                  + " made no progress for its progressDeadlineSeconds ("
                  + deployment.getSpec().getProgressDeadlineSeconds()
                  + "): "
                  + condition.getMessage(),
              "see below why its pods are not ready",
              deployment);
        }
      }
    }

    private DeployException failed(String summary, String next, Deployment deployment) {
      List<String> lines = new ArrayList<>();
      all().stream().map(PodState::line).forEach(lines::add);
      lines.addAll(evidence.events(deployment.getMetadata().getUid()));
      all().stream()
          .filter(pod -> !PodState.ready(pod) && !PodState.terminating(pod))
          .findFirst()
          .ifPresent(pod -> lines.addAll(evidence.of(pod, workload.containerOf(pod))));
      return new DeployException.StepFailed(new Problem(summary, next, lines));
    }

    private void throwIfTroubled(Pod pod) {
      Optional<PodState.Trouble> trouble = PodState.trouble(pod);
      if (trouble.isPresent()) {
        throw new DeployException.StepFailed(
            new Problem(
                trouble.get().sentence(),
                trouble.get().next(),
                evidence.of(pod, trouble.get().container())));
      }
      Optional<String> homeless = PodState.unschedulable(pod);
      String uid = pod.getMetadata().getUid();
      if (homeless.isEmpty()) {
        unscheduled.remove(uid);
      } else if (Waits.since(unscheduled.computeIfAbsent(uid, u -> System.nanoTime()))
              .compareTo(scheduling)
          > 0) {
        throw new DeployException.StepFailed(
            new Problem(
                "no node takes pod "
                    + pod.getMetadata().getName()
                    + " since more than "
                    + scheduling.toSeconds()
                    + " s: "
                    + homeless.get(),
                "make room on a node, or lower what the pod requests; give it longer with"
                    + " deploy.kubernetes.schedulingTimeout",
                evidence.of(pod, null)));
      }
    }

    DeployException timedOut(String summary) {
      List<String> lines = new ArrayList<>(all().stream().map(PodState::line).toList());
      all().stream()
          .filter(pod -> !PodState.ready(pod) && !PodState.terminating(pod))
          .findFirst()
          .ifPresent(pod -> lines.addAll(evidence.of(pod, workload.containerOf(pod))));
      return new DeployException.StepFailed(
          new Problem(
              summary + ": waiting for " + words,
              "see the state of the pods below, or give it longer with"
                  + " deploy.kubernetes.rolloutTimeout",
              lines));
    }
  }
}
