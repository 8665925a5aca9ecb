package io.rackgateway.deploy.driver.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What this tool has to be allowed, asked one by one before anything else. */
final class Permissions {

  /**
   * A permission.
   *
   * @param use what it is for, for people
   */
  record Need(String verb, String group, String resource, String use) {

    String display() {
      return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
  }

  private static final List<Need> READING =
      List.of(
          new Need("get", "apps", "deployments", "what is deployed"),
          new Need("list", "apps", "replicasets", "which revision runs"),
          new Need("list", "", "pods", "which pods run"));

  private static final List<Need> CHANGING =
      List.of(
          new Need("list", "apps", "deployments", "following a rollout"),
          new Need("watch", "apps", "deployments", "following a rollout"),
          new Need("watch", "", "pods", "following a rollout"),
          new Need("get", "", "pods/log", "telling why a pod fails"),
          new Need("get", "coordination.k8s.io", "leases", "excluding other runs"),
          new Need("create", "coordination.k8s.io", "leases", "excluding other runs"),
          new Need("delete", "coordination.k8s.io", "leases", "excluding other runs"));

  private static final List<Need> APPLYING =
      List.of(new Need("patch", "apps", "deployments", "changing the image"));

  private static final List<Need> MIGRATING =
      List.of(
          new Need("get", "batch", "jobs", "migrations"),
          new Need("list", "batch", "jobs", "migrations"),
          new Need("watch", "batch", "jobs", "migrations"),
          new Need("create", "batch", "jobs", "migrations"),
          new Need("delete", "batch", "jobs", "migrations"));

  private static final List<Need> SECRETS =
      List.of(
          new Need("create", "", "secrets", "the variables of migrate.environment"),
          new Need("delete", "", "secrets", "the variables of migrate.environment"));

  /** Without these a run goes on, and knows less. */
  private static final List<Need> HELPFUL =
      List.of(
          new Need("list", "", "events", "telling why a pod does not start"),
          new Need("get", "", "pods/proxy", "asking pods for their health from within"),
          new Need(
              "list",
              "autoscaling",
              "horizontalpodautoscalers",
              "knowing who else sets the number of pods"));

  private static final String PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private final ObjectMapper json = new ObjectMapper();
  private final Cluster cluster;

  Permissions(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Makes sure that what is deployed may be read.
   *
   * @throws DeployException.Usage naming each permission that is missing
   */
  void requireReading() {
    List<Need> missing = missing(READING);
    if (!missing.isEmpty()) {
      throw new DeployException.Usage(
          "this user may not " + names(missing) + " in " + cluster.display(), next());
    }
  }

  /** The gate {@code permissions}. */
  Gate gate(boolean applies, boolean migrates, boolean secrets) {
    List<Need> needs = new ArrayList<>(CHANGING);
    if (applies) {
      needs.addAll(APPLYING);
    }
    if (migrates) {
      needs.addAll(MIGRATING);
    }
    if (migrates && secrets) {
      needs.addAll(SECRETS);
    }
    List<Need> missing = missing(needs);
    if (!missing.isEmpty()) {
      return Gate.block(
          "permissions",
          "this user may not " + names(missing) + " in " + cluster.display(),
          next());
    }
    List<Need> less = missing(HELPFUL);
    return less.isEmpty()
        ? Gate.pass("permissions", "everything that a run does is allowed in " + cluster.display())
        : Gate.warn(
            "permissions", "this user may not " + names(less) + ": a run will know less", next());
  }

  private static String next() {
    return "apply the Role of docs/kubernetes.md to the user or service account that runs this tool";
  }

  private static String names(List<Need> needs) {
    return needs.stream()
        .map(need -> need.display() + " (" + need.use() + ")")
        .collect(Collectors.joining(", "));
  }

  private List<Need> missing(List<Need> needs) {
    return needs.stream().filter(need -> !allowed(need)).toList();
  }

  private boolean allowed(Need need) {
    String[] parts = need.resource().split("/", 2);
    ObjectNode review = json.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
    ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
    attributes
        .put("namespace", cluster.namespace())
        .put("verb", need.verb())
        .put("group", need.group())
        .put("resource", parts[0]);
    if (parts.length > 1) {
      attributes.put("subresource", parts[1]);
    }
    // The library's own type for this comes with a megabyte of others.
    Optional<String> answer =
        cluster.find(
            "asking what this user may do", () -> cluster.client().raw(PATH, "POST", review));
    try {
      return json.readTree(answer.orElse("{}")).path("status").path("allowed").asBoolean(false);
    } catch (JsonProcessingException e) {
      throw new DeployException.Usage(
          cluster.display() + " does not answer as a Kubernetes API server does",
          "see whether 'kubectl auth can-i --list' works with the same context");
    }
  }
}
