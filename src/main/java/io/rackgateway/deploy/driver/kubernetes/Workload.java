package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.manifest.KubernetesFile;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Deployment that runs the gateway, its revisions and its pods, as the API tells them. */
final class Workload {

  static final String HASH = "pod-template-hash";
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private final Cluster cluster;
  private final KubernetesConfig config;
  private final String image;
  private volatile @Nullable String name;

  Workload(Cluster cluster, KubernetesConfig config, String image) {
    this.cluster = cluster;
    this.config = config;
    this.image = image;
  }

  /**
   * The Deployment as it is now.
   *
   * @throws DeployException.Usage if there is none, or several
   */
  Deployment deployment() {
    String known = name();
    return cluster
        .find(
            "reading Deployment " + known,
            () ->
                cluster
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(cluster.namespace())
                    .withName(known)
                    .get())
        .orElseThrow(() -> missing(known));
  }

  /** The name of the Deployment. */
  String name() {
    String known = config.deployment() == null ? name : config.deployment();
    if (known != null) {
      return known;
    }
    List<String> found =
        cluster
            .call(
                "finding the Deployment by " + config.selector(),
                () ->
                    cluster
                        .client()
                        .apps()
                        .deployments()
                        .inNamespace(cluster.namespace())
                        .withLabelSelector(config.selector())
                        .list())
            .getItems()
            .stream()
            .map(d -> d.getMetadata().getName())
            .sorted()
            .toList();
    if (found.size() != 1) {
      throw new DeployException.Usage(
          (found.isEmpty()
                  ? "no Deployment"
                  : "several Deployments (" + String.join(", ", found) + ")")
              + " with the labels "
              + config.selector()
              + " in "
              + cluster.display(),
          "name the gateway's in deploy.kubernetes.deployment");
    }
    name = found.get(0);
    return found.get(0);
  }

  /** Says what it is where it is no Deployment, as far as this user may look. */
  private DeployException missing(String wanted) {
    boolean stateful =
        cluster
            .ask(
                "looking for a StatefulSet",
                () ->
                    cluster
                        .client()
                        .apps()
                        .statefulSets()
                        .inNamespace(cluster.namespace())
                        .withName(wanted)
                        .get())
            .isPresent();
    if (stateful) {
      return new DeployException.Usage(
          "'" + wanted + "' in " + cluster.display() + " is a StatefulSet",
          "the gateway keeps no state of its own: run it as a Deployment, which can start new pods"
              + " beside old ones");
    }
    boolean rollout =
        cluster
            .ask(
                "looking for an Argo Rollout",
                () ->
                    cluster
                        .client()
                        .genericKubernetesResources("argoproj.io/v1alpha1", "Rollout")
                        .inNamespace(cluster.namespace())
                        .withName(wanted)
                        .get())
            .isPresent();
    if (rollout) {
      return new DeployException.Usage(
          "'" + wanted + "' in " + cluster.display() + " is a Rollout of Argo Rollouts",
          "its controller decides by itself when new pods come: upgrade it there, and use 'verify'"
              + " and 'backup' of this tool around it");
    }
    boolean namespace =
        cluster
            .ask(
                "looking for the namespace",
                () -> cluster.client().namespaces().withName(cluster.namespace()).get())
            .isPresent();
    return new DeployException.Usage(
        "there is no Deployment '" + wanted + "' in " + cluster.display(),
        namespace
            ? "set deploy.kubernetes.deployment to the gateway's; 'kubectl get deployments' lists"
                + " them"
            : "see whether the namespace "
                + cluster.namespace()
                + " is there: 'kubectl get namespaces'");
  }

  /**
   * The container that runs the gateway.
   *
   * @throws DeployException.Usage if there is none, or it runs something else
   */
  Container container(Deployment deployment) {
    List<Container> all = spec(deployment.getSpec().getTemplate()).getContainers();
    String wanted = config.container();
    List<Container> fitting =
        all.stream()
            .filter(c -> wanted == null ? ofGateway(c) : c.getName().equals(wanted))
            .toList();
    if (fitting.size() != 1) {
      throw new DeployException.Usage(
          "Deployment "
              + deployment.getMetadata().getName()
              + " has "
              + (fitting.isEmpty() ? "no" : "more than one")
              + (wanted == null ? " container of image " + image : " container '" + wanted + "'")
              + "; its containers are "
              + all.stream()
                  .map(c -> c.getName() + " (" + c.getImage() + ")")
                  .collect(Collectors.joining(", ")),
          wanted == null
              ? "set 'image:' in rack-gateway.yml, or deploy.kubernetes.container"
              : "set deploy.kubernetes.container to the one that runs the gateway");
    }
    Container container = fitting.get(0);
    if (!ofGateway(container)) {
      throw new DeployException.Usage(
          "container '"
              + container.getName()
              + "' runs the image "
              + container.getImage()
              + ", but the gateway's image is configured as "
              + image,
          "set 'image:' in rack-gateway.yml, or deploy.kubernetes.container to the gateway's");
    }
    return container;
  }

  private boolean ofGateway(Container container) {
    return reference(container)
        .filter(reference -> KubernetesFile.same(reference.repository(), image))
        .isPresent();
  }

  /** Every container of the gateway's image: migrations often run in an init container of it. */
  List<Container> containers(List<Container> all) {
    return all.stream().filter(this::ofGateway).toList();
  }

  static Optional<ImageReference> reference(Container container) {
    try {
      return Optional.of(ImageReference.parse(container.getImage()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static io.fabric8.kubernetes.api.model.PodSpec spec(PodTemplateSpec template) {
    return Objects.requireNonNull(template.getSpec(), "a pod template has a spec");
  }

  /** What the gateway's container of a template runs; empty where it has none. */
  Optional<String> imageOf(PodTemplateSpec template) {
    String wanted = config.container();
    return spec(template).getContainers().stream()
        .filter(c -> wanted == null ? ofGateway(c) : c.getName().equals(wanted))
        .map(Container::getImage)
        .findFirst();
  }

  /** The revisions that are kept, the newest first. */
  List<ReplicaSet> revisions(Deployment deployment) {
    return cluster
        .call(
            "reading the ReplicaSets",
            () ->
                cluster
                    .client()
                    .apps()
                    .replicaSets()
                    .inNamespace(cluster.namespace())
                    .withLabelSelector(selector(deployment))
                    .list())
        .getItems()
        .stream()
        .filter(set -> ownedBy(set, deployment))
        .sorted(Comparator.comparingLong(Workload::revision).reversed())
        .toList();
  }

  static LabelSelector selector(Deployment deployment) {
    return Objects.requireNonNull(
        deployment.getSpec().getSelector(), "a Deployment has a selector");
  }

  private static boolean ownedBy(HasMetadata object, HasMetadata owner) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .anyMatch(uid -> uid.equals(owner.getMetadata().getUid()));
  }

  static long revision(HasMetadata object) {
    try {
      Map<String, String> notes = object.getMetadata().getAnnotations();
      return notes == null ? 0 : Long.parseLong(notes.getOrDefault(REVISION, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The revision of the Deployment's template, once its controller has made one. */
  static Optional<ReplicaSet> current(Deployment deployment, List<ReplicaSet> revisions) {
    PodTemplateSpec wanted = withoutHash(deployment.getSpec().getTemplate());
    return revisions.stream()
        .filter(set -> withoutHash(set.getSpec().getTemplate()).equals(wanted))
        .findFirst();
  }

  /** A revision's template as the Deployment had it. */
  static PodTemplateSpec withoutHash(PodTemplateSpec template) {
    return new PodTemplateSpecBuilder(template)
        .editOrNewMetadata()
        .removeFromLabels(HASH)
        .endMetadata()
        .build();
  }

  /** The Deployment's pods, whatever their state. */
  List<Pod> pods(Deployment deployment) {
    return cluster
        .call(
            "reading the pods",
            () ->
                cluster
                    .client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .withLabelSelector(selector(deployment))
                    .list())
        .getItems();
  }

  /** The name of the ReplicaSet that made a pod. */
  static String revisionOf(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals("ReplicaSet"))
        .map(OwnerReference::getName)
        .findFirst()
        .orElse("none");
  }

  /** The name of the gateway's container in a pod. */
  String containerOf(Pod pod) {
    String wanted = config.container();
    return Stream.of(pod)
        .flatMap(p -> p.getSpec().getContainers().stream())
        .filter(c -> wanted == null ? ofGateway(c) : c.getName().equals(wanted))
        .map(Container::getName)
        .findFirst()
        .orElseGet(() -> pod.getSpec().getContainers().get(0).getName());
  }
}
