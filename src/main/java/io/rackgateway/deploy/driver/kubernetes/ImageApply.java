package io.rackgateway.deploy.driver.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes the image of the live Deployment by server-side apply
 * (kubernetes.io/docs/reference/using-api/server-side-apply), and nothing else of it.
 */
final class ImageApply {

  /** The run that changed the image last. */
  static final String RUN = "rack-gateway-deploy/run";

  /** What the Deployment named before that run. */
  static final String PREVIOUS_IMAGE = "rack-gateway-deploy/previous-image";

  /** The ReplicaSet that ran before that run. */
  static final String PREVIOUS_REVISION = "rack-gateway-deploy/previous-revision";

  /** How many pods there were before a run stopped them. */
  static final String REPLICAS = "rack-gateway-deploy/replicas";

  private static final Pattern OWNER = Pattern.compile("conflict with \"([^\"]+)\"");

  private final Cluster cluster;
  private final Workload workload;
  private final ObjectMapper json = new ObjectMapper();

  ImageApply(Cluster cluster, Workload workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  /** Who owns the image, as far as applying another one would take it from them. */
  Set<String> conflicts(Deployment deployment, ImageReference to) {
    try {
      patch(deployment, body(deployment, to, Map.of()), true, false);
      return Set.of();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw ApiFailure.of("the dry run of the new image", cluster.display(), e);
      }
      Set<String> owners = new TreeSet<>();
      Status status = e.getStatus();
      List<StatusCause> causes =
          status == null || status.getDetails() == null
              ? List.of()
              : status.getDetails().getCauses();
      for (StatusCause cause : causes) {
        Matcher owner = OWNER.matcher(String.valueOf(cause.getMessage()));
        if (owner.find()) {
          owners.add(owner.group(1));
        }
      }
      Matcher named = OWNER.matcher(ApiFailure.message(e));
      while (owners.isEmpty() && named.find()) {
        owners.add(named.group(1));
      }
      owners.remove(Cluster.MANAGER);
      return owners;
    }
  }

  /** Has the API server judge the change, without making it. */
  void dryRun(Deployment deployment, ImageReference to) {
    String what = "the dry run of Deployment " + workload.name() + " with " + to;
    var unused =
        cluster.call(what, () -> patch(deployment, body(deployment, to, Map.of()), true, true));
  }

  /** Makes the change. */
  void apply(Deployment deployment, ImageReference to, Map<String, String> annotations) {
    String what = "applying " + to + " to Deployment " + workload.name();
    var unused =
        cluster.call(what, () -> patch(deployment, body(deployment, to, annotations), false, true));
  }

  private Deployment patch(Deployment deployment, String body, boolean dry, boolean force) {
    PatchContext.Builder context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Cluster.MANAGER)
            .withForce(force);
    if (dry) {
      context.withDryRun(List.of("All"));
    }
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(cluster.namespace())
        .withName(deployment.getMetadata().getName())
        .patch(context.build(), body);
  }

  private String body(Deployment deployment, ImageReference to, Map<String, String> annotations) {
    ObjectNode root = json.createObjectNode();
    root.put("apiVersion", "apps/v1").put("kind", "Deployment");
    ObjectNode metadata = root.putObject("metadata");
    metadata.put("name", deployment.getMetadata().getName());
    metadata.put("namespace", cluster.namespace());
    if (!annotations.isEmpty()) {
      ObjectNode notes = metadata.putObject("annotations");
      annotations.forEach(notes::put);
    }
    ObjectNode spec = root.putObject("spec").putObject("template").putObject("spec");
    var template = Workload.spec(deployment.getSpec().getTemplate());
    images(spec, "containers", template.getContainers(), to);
    images(spec, "initContainers", template.getInitContainers(), to);
    return root.toString();
  }

  private void images(ObjectNode spec, String field, List<Container> all, ImageReference to) {
    List<Container> ours = workload.containers(all);
    if (ours.isEmpty()) {
      return;
    }
    ArrayNode list = spec.putArray(field);
    ours.forEach(
        container ->
            list.addObject()
                .put("name", container.getName())
                .put("image", inWordsOf(container, to).toString()));
  }

  /** The repository stays as it is written: docker.io/ may be left out. */
  static ImageReference inWordsOf(Container container, ImageReference to) {
    String repository = Workload.reference(container).orElse(to).repository();
    return new ImageReference(repository, to.tag(), to.digest());
  }

  /** Gives the Deployment a whole template: the one of a revision. */
  void restore(String template, Map<String, String> annotations) {
    String what = "giving Deployment " + workload.name() + " its previous template";
    ArrayNode patch = json.createArrayNode();
    try {
      patch
          .addObject()
          .put("op", "replace")
          .put("path", "/spec/template")
          .set("value", json.readTree(template));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a template is JSON", e);
    }
    var unused = cluster.call(what, () -> update(PatchType.JSON, patch.toString()));
    if (!annotations.isEmpty()) {
      annotate(annotations);
    }
  }

  private void annotate(Map<String, String> annotations) {
    ObjectNode root = json.createObjectNode();
    ObjectNode notes = root.putObject("metadata").putObject("annotations");
    annotations.forEach(notes::put);
    var unused =
        cluster.call("noting the run", () -> update(PatchType.JSON_MERGE, root.toString()));
  }

  /**
   * Sets the number of pods, and keeps the one before as long as there are none.
   *
   * @return what there is to be now
   */
  int scale(int count) {
    Deployment deployment = workload.deployment();
    Integer now = deployment.getSpec().getReplicas();
    int replicas = now == null ? 1 : now;
    String kept =
        deployment.getMetadata().getAnnotations() == null
            ? null
            : deployment.getMetadata().getAnnotations().get(REPLICAS);
    ObjectNode root = json.createObjectNode();
    ObjectNode notes = root.putObject("metadata").putObject("annotations");
    int wanted;
    if (count == 0) {
      if (replicas == 0) {
        return 0;
      }
      wanted = 0;
      notes.put(REPLICAS, Integer.toString(replicas));
    } else {
      if (kept == null) {
        return replicas;
      }
      wanted = number(kept, count);
      notes.putNull(REPLICAS);
    }
    root.putObject("spec").put("replicas", wanted);
    var unused =
        cluster.call(
            "scaling Deployment " + workload.name() + " to " + wanted,
            () -> update(PatchType.JSON_MERGE, root.toString()));
    return wanted;
  }

  private static int number(String text, int otherwise) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private Deployment update(PatchType type, String body) {
    Deployment updated =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(cluster.namespace())
            .withName(workload.name())
            .patch(
                new PatchContext.Builder()
                    .withPatchType(type)
                    .withFieldManager(Cluster.MANAGER)
                    .build(),
                body);
    if (updated == null) {
      throw new DeployException.StepFailed(
          "Deployment " + workload.name() + " is gone", "apply its manifest again");
    }
    return updated;
  }
}
