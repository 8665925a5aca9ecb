package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a cluster. An API server that answered before and does not now, because it is
 * being restarted or has too much to do, is asked again for a while; every call may be repeated.
 */
final class Cluster {

  /** Who changes fields, as the API server notes it. */
  static final String MANAGER = "rack-gateway-deploy";

  private static final Duration POLL = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final Duration patience;
  private final Waits waits;
  private volatile boolean answered;

  /**
   * @param name how messages call the cluster
   */
  Cluster(KubernetesClient client, String namespace, String name, Duration patience, Waits waits) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.patience = patience;
    this.waits = waits;
  }

  KubernetesClient client() {
    return client;
  }

  String namespace() {
    return namespace;
  }

  /** For people: {@code namespace prod of cluster eu (https://…)}. */
  String display() {
    return "namespace " + namespace + " of " + name;
  }

  Waits waits() {
    return waits;
  }

  /**
   * Makes a call that has an answer.
   *
   * @param what what it does, for messages: {@code reading the pods}
   * @throws DeployException.StepFailed if it is refused, or not answered in time
   */
  <T> T call(String what, Supplier<T> work) {
    return find(what, work)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    what + ": not found on " + display(),
                    "see whether deploy.kubernetes names the right context and namespace"));
  }

  /** A call whose answer may be that there is no such thing. */
  <T> Optional<T> find(String what, Supplier<@Nullable T> work) {
    AtomicReference<@Nullable KubernetesClientException> last = new AtomicReference<>();
    Optional<Optional<T>> answer =
        waits.until(
            "the API server of " + name + " to answer",
            answered ? patience : Duration.ZERO,
            POLL,
            new Waits.Wakeup(),
            () -> attempt(what, work, last));
    KubernetesClientException failure = last.get();
    if (answer.isEmpty() && failure != null) {
      throw ApiFailure.of(what, display(), failure);
    }
    answered = true;
    return answer.orElseThrow();
  }

  private <T> Optional<Optional<T>> attempt(
      String what,
      Supplier<@Nullable T> work,
      AtomicReference<@Nullable KubernetesClientException> last) {
    try {
      return Optional.of(Optional.ofNullable(work.get()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        return Optional.of(Optional.empty());
      }
      if (!ApiFailure.passing(e)) {
        throw ApiFailure.of(what, display(), e);
      }
      last.set(e);
      return Optional.empty();
    }
  }

  /** A call for something that is good to know; empty also when it is refused. */
  <T> Optional<T> ask(String what, Supplier<@Nullable T> work) {
    try {
      return find(what, work);
    } catch (DeployException.StepFailed e) {
      return Optional.empty();
    }
  }
}
