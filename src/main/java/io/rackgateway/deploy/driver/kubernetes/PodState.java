package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.rackgateway.deploy.model.Instance;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's status says. The reasons are those that the kubelet sets (kubernetes/kubernetes,
 * {@code pkg/kubelet/container/sync_result.go} and {@code pkg/kubelet/images/types.go}).
 */
final class PodState {

  /** What a person has to change before such a container can start. */
  private static final Map<String, String> HOPELESS =
      Map.of(
          "ImagePullBackOff", "see whether the image is there, and the pull secret with it",
          "ErrImagePull", "see whether the image is there, and the pull secret with it",
          "InvalidImageName", "correct the image's name",
          "ErrImageNeverPull", "bring the image to the node, or change imagePullPolicy",
          "ImageInspectError", "see what the node says of the image",
          "CreateContainerConfigError", "add the ConfigMap, Secret or key that it names",
          "CreateContainerError", "correct what the message names",
          "RunContainerError", "correct what the message names: often the command is not there",
          "CrashLoopBackOff", "find the reason in its last log lines");

  /** Once may be bad luck. */
  private static final int RESTARTS = 2;

  private static final Duration LOST = Duration.ofSeconds(10);

  private PodState() {}

  /**
   * Why a pod cannot become ready.
   *
   * @param sentence names the pod, the container and the reason
   * @param container whose logs tell more; null where none has started
   */
  record Trouble(String sentence, String next, @Nullable String container) {}

  static Optional<Trouble> trouble(Pod pod) {
    return statuses(pod).map(status -> trouble(pod, status)).flatMap(Optional::stream).findFirst();
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null
        ? Stream.empty()
        : Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream());
  }

  private static Optional<Trouble> trouble(Pod pod, ContainerStatus status) {
    String who = "container " + status.getName() + " of pod " + pod.getMetadata().getName();
    ContainerState state = status.getState();
    ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
    String reason = waiting == null || waiting.getReason() == null ? "" : waiting.getReason();
    boolean started = restarts(status) > 0;
    String next = HOPELESS.get(reason);
    if (waiting != null && next != null) {
      String message = waiting.getMessage();
      String ended = reason.equals("CrashLoopBackOff") ? ended(status) : "";
      return Optional.of(
          new Trouble(
              who
                  + ": "
                  + reason
                  + ended
                  + (message == null || message.isBlank() ? "" : ": " + message.strip()),
              next,
              started ? status.getName() : null));
    }
    if (restarts(status) >= RESTARTS && !Boolean.TRUE.equals(status.getReady())) {
      return Optional.of(
          new Trouble(
              who + " was restarted " + restarts(status) + " times" + ended(status),
              "find the reason in its last log lines",
              status.getName()));
    }
    return Optional.empty();
  }

  private static int restarts(ContainerStatus status) {
    return status.getRestartCount() == null ? 0 : status.getRestartCount();
  }

  private static String ended(ContainerStatus status) {
    ContainerStateTerminated last =
        status.getLastState() == null ? null : status.getLastState().getTerminated();
    return last == null
        ? ""
        : " (it ended with exit code "
            + last.getExitCode()
            + (last.getReason() == null ? "" : ", " + last.getReason())
            + ")";
  }

  /** Whether a container of the pod has ended before, so that it has a log of that time. */
  static boolean restarted(Pod pod, String container) {
    return statuses(pod)
        .anyMatch(status -> status.getName().equals(container) && restarts(status) > 0);
  }

  /** Why no node takes the pod, if none does. */
  static Optional<String> unschedulable(Pod pod) {
    return condition(pod, "PodScheduled")
        .filter(c -> "False".equals(c.getStatus()))
        .map(c -> String.valueOf(c.getMessage()));
  }

  static boolean ready(Pod pod) {
    return condition(pod, "Ready").filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    PodStatus status = pod.getStatus();
    return status == null
        ? Optional.empty()
        : status.getConditions().stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  /** A pod that is being deleted. */
  static boolean terminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** A pod that has ended for good, such as one that was evicted; it is only still listed. */
  static boolean over(Pod pod) {
    String phase = phase(pod);
    return phase.equals("Failed") || phase.equals("Succeeded");
  }

  static String phase(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null || status.getPhase() == null ? "Pending" : status.getPhase();
  }

  /** A pod that should be gone: its node does not say so any more. */
  static boolean lost(Pod pod, Instant now) {
    String deletion = pod.getMetadata().getDeletionTimestamp();
    try {
      return deletion != null && Instant.parse(deletion).plus(LOST).isBefore(now);
    } catch (DateTimeException e) {
      return false;
    }
  }

  static Instance.State state(Pod pod) {
    if (terminating(pod) || over(pod)) {
      return Instance.State.STOPPED;
    }
    if (trouble(pod).filter(t -> t.container() != null).isPresent()) {
      return Instance.State.RESTARTING;
    }
    return ready(pod) ? Instance.State.RUNNING : Instance.State.STARTING;
  }

  /** One line for people: {@code gateway-5d9-x: Running, ready, on node-1}. */
  static String line(Pod pod) {
    String waiting =
        statuses(pod)
            .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
            .map(s -> s.getName() + " waits: " + s.getState().getWaiting().getReason())
            .collect(Collectors.joining(", "));
    int restarts = statuses(pod).mapToInt(PodState::restarts).sum();
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return pod.getMetadata().getName()
        + ": "
        + (terminating(pod) ? "Terminating" : phase(pod))
        + (ready(pod) ? ", ready" : ", not ready")
        + (waiting.isEmpty() ? "" : ", " + waiting)
        + (restarts == 0 ? "" : ", restarted " + restarts + " times")
        + (node == null ? ", on no node" : ", on " + node);
  }

  /** The digest of what a container of the pod runs; empty where the node does not tell. */
  static Optional<String> digest(Pod pod, String container) {
    PodStatus status = pod.getStatus();
    List<ContainerStatus> all = status == null ? List.of() : status.getContainerStatuses();
    return all.stream()
        .filter(s -> s.getName().equals(container) && s.getImageID() != null)
        .map(ContainerStatus::getImageID)
        .filter(id -> id.contains("@sha256:"))
        .map(id -> id.substring(id.indexOf("@sha256:") + 1))
        .findFirst();
  }
}
