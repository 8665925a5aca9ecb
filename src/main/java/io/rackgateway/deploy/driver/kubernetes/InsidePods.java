package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.model.DeployException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks each pod through the API server's proxy, which reaches pods where this machine does not, and
 * needs nothing in the image.
 */
final class InsidePods {

  private static final int LONGEST_BODY = 64 * 1024;

  private final Cluster cluster;
  private final Workload workload;
  private final int port;

  InsidePods(Cluster cluster, Workload workload, int port) {
    this.cluster = cluster;
    this.workload = workload;
    this.port = port;
  }

  List<InsideAnswer> ask(String path, Duration timeout) {
    List<InsideAnswer> answers = new ArrayList<>();
    try {
      for (Pod pod : workload.pods(workload.deployment())) {
        if (PodState.phase(pod).equals("Running") && !PodState.terminating(pod)) {
          ask(pod.getMetadata().getName(), path, timeout).ifPresent(answers::add);
        }
      }
    } catch (DeployException e) {
      // The cluster cannot be asked just now: nothing more is known from inside.
      return answers;
    }
    return answers;
  }

  private Optional<InsideAnswer> ask(String pod, String path, Duration timeout) {
    // A gateway's 503 is an answer, and not to be asked for again.
    HttpClient http =
        cluster
            .client()
            .getHttpClient()
            .newBuilder()
            .tag(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
            .build();
    String base = cluster.client().getConfiguration().getMasterUrl().replaceFirst("/+$", "");
    URI uri =
        URI.create(
            base
                + "/api/v1/namespaces/"
                + cluster.namespace()
                + "/pods/"
                + pod
                + ":"
                + port
                + "/proxy"
                + path);
    try {
      HttpResponse<String> answer =
          http.sendAsync(http.newHttpRequestBuilder().uri(uri).build(), String.class)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      String body = answer.body() == null ? "" : answer.body();
      if (answer.code() == 403 && body.contains("pods/proxy")) {
        // The API server's own refusal says nothing of the gateway.
        return Optional.empty();
      }
      if (answer.code() == 503 && body.contains("error trying to reach service")) {
        return Optional.of(new InsideAnswer(pod, 0, "", "nothing answers on port " + port));
      }
      return Optional.of(
          new InsideAnswer(
              pod, answer.code(), body.substring(0, Math.min(body.length(), LONGEST_BODY)), null));
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(
          new InsideAnswer(pod, 0, "", "no answer within " + timeout.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
