package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.Variables;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What of a namespace helps to find out why a gateway does not work. */
final class KubernetesExhibits {

  private final Cluster cluster;
  private final Workload workload;
  private final Consumer<String> secrets;

  KubernetesExhibits(Cluster cluster, Workload workload, Consumer<String> secrets) {
    this.cluster = cluster;
    this.workload = workload;
    this.secrets = secrets;
  }

  List<Exhibit> all() {
    return List.of(
        new Exhibit("deployment", "Deployment", this::deployment),
        new Exhibit("revisions", "Revisions", this::revisions),
        new Exhibit("pods", "Pods", this::pods),
        new Exhibit("events", "Events", () -> String.join("\n", new Evidence(cluster).allEvents())),
        new Exhibit("environment", "Variables of the gateway", this::environment));
  }

  private String deployment() {
    Deployment deployment = workload.deployment();
    var status = deployment.getStatus();
    return "name:      "
        + workload.name()
        + "\nin:        "
        + cluster.display()
        + "\nimage:     "
        + workload.imageOf(deployment.getSpec().getTemplate()).orElse("none")
        + "\nreplicas:  "
        + deployment.getSpec().getReplicas()
        + "\nstrategy:  "
        + (deployment.getSpec().getStrategy() == null
            ? "RollingUpdate"
            : deployment.getSpec().getStrategy().getType())
        + (status == null
            ? ""
            : "\nupdated:   "
                + status.getUpdatedReplicas()
                + "\nready:     "
                + status.getReadyReplicas()
                + status.getConditions().stream()
                    .map(
                        c ->
                            "\ncondition: "
                                + c.getType()
                                + " "
                                + c.getStatus()
                                + ", "
                                + c.getReason()
                                + ": "
                                + c.getMessage())
                    .collect(Collectors.joining()));
  }

  private String revisions() {
    return workload.revisions(workload.deployment()).stream()
        .map(
            set ->
                set.getMetadata().getName()
                    + "  revision "
                    + Workload.revision(set)
                    + "  "
                    + workload.imageOf(set.getSpec().getTemplate()).orElse("none")
                    + "  "
                    + Objects.requireNonNullElse(set.getSpec().getReplicas(), 0)
                    + " pods")
        .collect(Collectors.joining("\n"));
  }

  private String pods() {
    return workload.pods(workload.deployment()).stream()
        .map(
            pod ->
                PodState.line(pod)
                    + PodState.trouble(pod).map(t -> "\n  " + t.sentence()).orElse("")
                    + PodState.digest(pod, workload.containerOf(pod))
                        .map(digest -> "\n  " + digest)
                        .orElse(""))
        .collect(Collectors.joining("\n"));
  }

  private String environment() {
    Container container = workload.container(workload.deployment());
    Map<String, String> variables = new TreeMap<>();
    container
        .getEnv()
        .forEach(
            variable ->
                variables.put(
                    variable.getName(),
                    variable.getValue() == null ? "(from elsewhere)" : variable.getValue()));
    String whole =
        container.getEnvFrom().stream()
            .map(
                from ->
                    from.getSecretRef() != null
                        ? "all of Secret " + from.getSecretRef().getName()
                        : "all of ConfigMap "
                            + (from.getConfigMapRef() == null
                                ? "?"
                                : from.getConfigMapRef().getName()))
            .collect(Collectors.joining("\n"));
    return Variables.names(variables, secrets) + (whole.isEmpty() ? "" : "\n" + whole);
  }
}
