package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The mark of a run, as a Lease beside the Deployment: only one can create it. The plan is kept
 * compressed, because annotations may hold 256 KiB at most.
 */
final class LeaseMark {

  private static final String PLAN = "rack-gateway-deploy/plan";
  private static final String STARTED = "rack-gateway-deploy/started";
  private static final int LONGEST_PLAN = 16 << 20;

  private final Cluster cluster;
  private final Workload workload;

  LeaseMark(Cluster cluster, Workload workload) {
    this.cluster = cluster;
    this.workload = workload;
  }

  private String name() {
    return "rack-gateway-deploy-" + workload.name();
  }

  private Resource<Lease> lease() {
    return cluster.client().leases().inNamespace(cluster.namespace()).withName(name());
  }

  Optional<Mark> find() {
    return cluster.find("reading Lease " + name(), () -> lease().get()).map(this::read);
  }

  private Mark read(Lease lease) {
    Map<String, String> notes = lease.getMetadata().getAnnotations();
    try {
      return new Mark(
          new RunId(notes.getOrDefault(ImageApply.RUN, "")),
          lease.getSpec().getHolderIdentity(),
          Instant.parse(notes.getOrDefault(STARTED, "")),
          unpack(notes.getOrDefault(PLAN, "")));
    } catch (IllegalArgumentException | DateTimeException | IOException e) {
      throw new DeployException.Usage(
          "the Lease '" + name() + "' has the name of a run's mark but was not made by one",
          "look at it with 'kubectl get lease " + name() + " -o yaml', then delete it");
    }
  }

  void place(Mark mark) {
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(name())
            .withNamespace(cluster.namespace())
            .addToAnnotations(ImageApply.RUN, mark.run().value())
            .addToAnnotations(STARTED, mark.startedAt().toString())
            .addToAnnotations(PLAN, pack(mark.plan()))
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(mark.owner())
            .withAcquireTime(mark.startedAt().atZone(ZoneOffset.UTC))
            .endSpec()
            .build();
    try {
      var unused =
          cluster.call(
              "creating Lease " + name(),
              () -> {
                try {
                  return cluster
                      .client()
                      .leases()
                      .inNamespace(cluster.namespace())
                      .resource(lease)
                      .create();
                } catch (KubernetesClientException e) {
                  if (e.getCode() == 409) {
                    return held(mark);
                  }
                  throw e;
                }
              });
    } catch (DeployException.StepFailed e) {
      throw new DeployException.StepFailed(e.problem(), e);
    }
  }

  /** The run's own mark from before; another's is refused. */
  private Lease held(Mark mark) {
    Lease there = lease().get();
    if (there == null) {
      throw new KubernetesClientException(
          "the Lease " + name() + " is just being deleted", 503, null);
    }
    Mark other = read(there);
    if (!other.run().equals(mark.run())) {
      throw new DeployException.Locked(
          new Problem(
              "run "
                  + other.run()
                  + " of "
                  + other.owner()
                  + " is at work on Deployment "
                  + workload.name()
                  + " in "
                  + cluster.display()
                  + " since "
                  + other.startedAt(),
              "wait for it to end; if it was killed, finish or undo it with 'resume "
                  + other.run()
                  + "'",
              List.of("its mark is the Lease " + name())));
    }
    return there;
  }

  void clear(RunId run) {
    Optional<Lease> there = cluster.find("reading Lease " + name(), () -> lease().get());
    if (there.isEmpty() || !read(there.get()).run().equals(run)) {
      return;
    }
    // Only this very one, so that a mark that another run places meanwhile is left alone.
    var unused =
        cluster.find(
            "deleting Lease " + name(),
            () ->
                cluster
                    .client()
                    .leases()
                    .inNamespace(cluster.namespace())
                    .resource(there.get())
                    .lockResourceVersion(there.get().getMetadata().getResourceVersion())
                    .delete());
  }

  private static String pack(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String unpack(String packed) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      return new String(in.readNBytes(LONGEST_PLAN), StandardCharsets.UTF_8);
    }
  }
}
