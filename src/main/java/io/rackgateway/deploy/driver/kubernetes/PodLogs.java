package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the gateway's pods logged; also what a container did that was restarted since. */
final class PodLogs {

  private final Cluster cluster;
  private final Workload workload;

  PodLogs(Cluster cluster, Workload workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  void read(Instant since, @Nullable Instant until, LogReader reader) {
    for (Pod pod : workload.pods(workload.deployment())) {
      String container = workload.containerOf(pod);
      if (PodState.phase(pod).equals("Pending")) {
        continue;
      }
      if (PodState.restarted(pod, container)) {
        read(pod, container, true, since, until, reader);
      }
      read(pod, container, false, since, until, reader);
    }
  }

  private void read(
      Pod pod,
      String container,
      boolean before,
      Instant since,
      @Nullable Instant until,
      LogReader reader) {
    String name = pod.getMetadata().getName();
    var of =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withName(name)
            .inContainer(container)
            .usingTimestamps();
    var from = before ? of.terminated() : of;
    boolean all = since.equals(Instant.EPOCH);
    try (Reader log = all ? from.getLogReader() : from.sinceTime(since.toString()).getLogReader();
        BufferedReader lines = new BufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        hand(name, line, since, until, reader);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != 400 && e.getCode() != 404) {
        throw ApiFailure.of("reading the log of pod " + name, cluster.display(), e);
      }
      // Its container has not started yet, or the pod has gone meanwhile.
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          "the log of pod " + name + " on " + cluster.display() + " broke off",
          "see whether 'kubectl logs " + name + "' works by hand");
    }
  }

  private static void hand(
      String pod, String line, Instant since, @Nullable Instant until, LogReader reader) {
    int blank = line.indexOf(' ');
    Instant at = blank < 0 ? null : time(line.substring(0, blank));
    if (at == null) {
      reader.line(pod, null, line);
    } else if (!at.isBefore(since) && (until == null || !at.isAfter(until))) {
      reader.line(pod, at, line.substring(blank + 1));
    }
  }

  private static @Nullable Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
