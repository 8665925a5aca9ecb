package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why something does not work: a pod's status, what happened to it, and what it logged last. */
final class Evidence {

  private static final int LINES = 20;
  private static final int EVENTS = 8;

  private final Cluster cluster;

  Evidence(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Lines that explain a pod's trouble. */
  List<String> of(Pod pod, @Nullable String container) {
    List<String> lines = new ArrayList<>();
    lines.add(PodState.line(pod));
    lines.addAll(events(pod.getMetadata().getUid()));
    if (container != null) {
      lines.addAll(
          tail(pod.getMetadata().getName(), container, PodState.restarted(pod, container)));
    }
    return lines;
  }

  /** What happened to an object, the latest last; nothing where this user may not know. */
  List<String> events(String uid) {
    return cluster
        .ask(
            "reading events",
            () ->
                cluster
                    .client()
                    .v1()
                    .events()
                    .inNamespace(cluster.namespace())
                    .withField("involvedObject.uid", uid)
                    .list())
        .map(list -> lines(list.getItems()))
        .orElse(List.of());
  }

  /** Everything that happened in the namespace, the latest last. */
  List<String> allEvents() {
    return cluster
        .call(
            "reading events",
            () -> cluster.client().v1().events().inNamespace(cluster.namespace()).list())
        .getItems()
        .stream()
        .sorted(Comparator.comparing(Evidence::at))
        .map(Evidence::line)
        .toList();
  }

  private static List<String> lines(List<Event> events) {
    List<String> lines =
        events.stream().sorted(Comparator.comparing(Evidence::at)).map(Evidence::line).toList();
    return lines.subList(Math.max(0, lines.size() - EVENTS), lines.size());
  }

  private static String at(Event event) {
    return Objects.requireNonNullElse(
        event.getLastTimestamp(),
        event.getEventTime() == null
            ? Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), "")
            : Objects.requireNonNullElse(event.getEventTime().getTime(), ""));
  }

  private static String line(Event event) {
    return at(event)
        + " "
        + event.getInvolvedObject().getKind()
        + " "
        + event.getInvolvedObject().getName()
        + ": "
        + event.getReason()
        + ": "
        + event.getMessage();
  }

  /**
   * The last lines that a container logged.
   *
   * @param before whether those of the one before are meant, where it was restarted
   */
  List<String> tail(String pod, String container, boolean before) {
    Optional<String> log = before ? log(pod, container, true) : Optional.empty();
    String text = log.filter(t -> !t.isBlank()).or(() -> log(pod, container, false)).orElse("");
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  private Optional<String> log(String pod, String container, boolean before) {
    return cluster.ask(
        "reading a log",
        () -> {
          var of =
              cluster
                  .client()
                  .pods()
                  .inNamespace(cluster.namespace())
                  .withName(pod)
                  .inContainer(container);
          return before
              ? of.terminated().tailingLines(LINES).getLog()
              : of.tailingLines(LINES).getLog();
        });
  }
}
