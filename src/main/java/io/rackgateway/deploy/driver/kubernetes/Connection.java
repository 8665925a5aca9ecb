package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the cluster that a configuration means, as {@code kubectl} would. */
final class Connection {

  private static final int RETRIES = 3;
  private static final int RETRY_MILLIS = 200;
  private static final int ANSWER_MILLIS = 15_000;
  private static final int LARGEST_RECONNECT_MILLIS = 500;

  private Connection() {}

  /**
   * Opens it. Nothing is asked yet.
   *
   * @throws DeployException.Usage if there is no kubeconfig, no such context, or no namespace
   */
  static Cluster open(KubernetesConfig config, Map<String, String> environment, Waits waits) {
    String wanted = config.context();
    List<Path> files = files(config, environment);
    Config connection = connection(config, files, wanted);
    var current = connection.getCurrentContext();
    if (!files.isEmpty()
        && (current == null || (wanted != null && !wanted.equals(current.getName())))) {
      throw unknownContext(files, connection, wanted);
    }
    connection.setRequestRetryBackoffLimit(RETRIES);
    connection.setRequestRetryBackoffInterval(RETRY_MILLIS);
    connection.setRequestTimeout(ANSWER_MILLIS);
    connection.setWatchReconnectInterval(LARGEST_RECONNECT_MILLIS);
    String namespace =
        Objects.requireNonNullElse(config.namespace(), namespaceOf(connection.getNamespace()));
    connection.setNamespace(namespace);
    KubernetesClient client = new KubernetesClientBuilder().withConfig(connection).build();
    String name =
        current == null
            ? "the cluster that this pod is in (" + connection.getMasterUrl() + ")"
            : "context " + current.getName() + " (" + connection.getMasterUrl() + ")";
    return new Cluster(client, namespace, name, config.patience(), waits);
  }

  private static String namespaceOf(@Nullable String namespace) {
    return namespace == null || namespace.isBlank() ? "default" : namespace;
  }

  private static List<Path> files(KubernetesConfig config, Map<String, String> environment) {
    Path configured = config.kubeconfig();
    if (configured != null) {
      if (!Files.isReadable(configured)) {
        throw new DeployException.Usage(
            "deploy.kubernetes.kubeconfig: " + configured + " cannot be read",
            "give the path of a kubeconfig that this user may read");
      }
      return List.of(configured);
    }
    List<Path> named = Config.getKubeconfigFilenames().stream().map(Path::of).toList();
    List<Path> there = named.stream().filter(Files::isReadable).toList();
    if (there.isEmpty() && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      throw new DeployException.Usage(
          "no kubeconfig is there ("
              + String.join(", ", named.stream().map(Path::toString).toList())
              + "), and this is no pod of a cluster",
          "set KUBECONFIG, or deploy.kubernetes.kubeconfig");
    }
    return there;
  }

  private static Config connection(
      KubernetesConfig config, List<Path> files, @Nullable String wanted) {
    Path configured = config.kubeconfig();
    try {
      return configured == null
          ? Config.autoConfigure(wanted)
          : Config.fromKubeconfig(wanted, configured.toFile());
    } catch (KubernetesClientException | IllegalArgumentException | IllegalStateException e) {
      String place =
          files.isEmpty()
              ? "the service account of this pod"
              : String.join(", ", files.stream().map(Path::toString).toList());
      throw new DeployException.Usage(
          place + " cannot be read as a kubeconfig: " + e.getMessage(),
          "see whether 'kubectl config view' reads it");
    }
  }

  private static DeployException unknownContext(
      List<Path> files, Config connection, @Nullable String wanted) {
    String there =
        connection.getContexts() == null || connection.getContexts().isEmpty()
            ? "none"
            : String.join(
                ", ", connection.getContexts().stream().map(c -> c.getName()).sorted().toList());
    String place = String.join(", ", files.stream().map(Path::toString).toList());
    return wanted == null
        ? new DeployException.Usage(
            place + " names no current context; its contexts are " + there,
            "set deploy.kubernetes.context")
        : new DeployException.Usage(
            "there is no context '" + wanted + "' in " + place + "; its contexts are " + there,
            "set deploy.kubernetes.context to one of them");
  }
}
