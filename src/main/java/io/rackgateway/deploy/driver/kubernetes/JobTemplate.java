package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.RunId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The Job in which a run's migrations run: the one of a manifest, or one made from the Deployment.
 * Its name is the run's own, so that an old Job, which cannot be changed, is never in the way.
 */
final class JobTemplate {

  /** On the Job and its pods. */
  static final String RUN_LABEL = "rack-gateway-deploy/run";

  /** What is left of a Job whose run was not able to clean up goes by itself. */
  private static final int LEFT_SECONDS = 24 * 60 * 60;

  private static final int LONGEST_NAME = 63;

  private final KubernetesConfig config;
  private final MigrateConfig migrate;
  private final Workload workload;
  private final KubernetesClient client;

  JobTemplate(
      KubernetesConfig config, MigrateConfig migrate, Workload workload, KubernetesClient client) {
    this.config = config;
    this.migrate = migrate;
    this.workload = workload;
    this.client = client;
  }

  /** The name of a run's Job, and of the Secret with its variables. */
  String name(RunId run) {
    String end = "-migrate-" + run.value();
    String start = workload.name().replace('.', '-');
    int room = LONGEST_NAME - end.length();
    return (start.length() > room ? start.substring(0, room).replaceAll("-+$", "") : start) + end;
  }

  /**
   * The Job of a run.
   *
   * @throws DeployException.Usage if the manifest holds no Job
   */
  Job of(RunId run, Deployment deployment, ImageReference to) {
    Path manifest = manifest(config);
    Job job = manifest == null ? made(deployment, to) : read(manifest, to);
    return finished(job, run);
  }

  static @org.jspecify.annotations.Nullable Path manifest(KubernetesConfig config) {
    String file = config.migrationJob();
    return file == null ? null : config.directory().resolve(file);
  }

  private Job read(Path manifest, ImageReference to) {
    List<Job> jobs;
    try {
      jobs =
          client.load(new ByteArrayInputStream(Files.readAllBytes(manifest))).items().stream()
              .filter(Job.class::isInstance)
              .map(Job.class::cast)
              .toList();
    } catch (IOException e) {
      throw new DeployException.Usage(
          manifest + " cannot be read: " + IoFailure.describe(e),
          "name the file with the migrations' Job in deploy.kubernetes.migrationJob");
    } catch (RuntimeException e) {
      throw new DeployException.Usage(
          manifest + " is not a manifest: " + e.getMessage(),
          "correct it; 'kubectl apply --dry-run=client -f " + manifest + "' tells more");
    }
    if (jobs.size() != 1) {
      throw new DeployException.Usage(
          manifest + " holds " + (jobs.isEmpty() ? "no Job" : jobs.size() + " Jobs"),
          "name a file with the one Job that runs migrations, or leave migrationJob out");
    }
    Job job = new JobBuilder(jobs.get(0)).build();
    PodSpec pod = Workload.spec(job.getSpec().getTemplate());
    List<Container> ours = new ArrayList<>(workload.containers(pod.getContainers()));
    ours.addAll(workload.containers(pod.getInitContainers()));
    if (ours.isEmpty()) {
      throw new DeployException.Usage(
          "no container of the Job in " + manifest + " runs the gateway's image",
          "give it 'image: " + to + "'");
    }
    ours.forEach(container -> container.setImage(ImageApply.inWordsOf(container, to).toString()));
    workload.containers(pod.getContainers()).forEach(c -> addVariables(c));
    return job;
  }

  /**
   * With everything that the gateway's own pods have, so that the migrations see the same world.
   */
  private Job made(Deployment deployment, ImageReference to) {
    PodSpec pod = Workload.spec(deployment.getSpec().getTemplate());
    Container gateway = workload.container(deployment);
    Container container =
        new ContainerBuilder(gateway)
            .withName("migrate")
            .withImage(ImageApply.inWordsOf(gateway, to).toString())
            .withCommand(migrate.command())
            .withArgs(List.of())
            .withPorts(List.of())
            .withReadinessProbe(null)
            .withLivenessProbe(null)
            .withStartupProbe(null)
            .withLifecycle(null)
            .build();
    addVariables(container);
    List<Container> before =
        pod.getInitContainers().stream()
            .filter(c -> workload.containers(List.of(c)).isEmpty())
            .toList();
    return new JobBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .withTemplate(
            new PodTemplateSpecBuilder()
                .withNewMetadata()
                .endMetadata()
                .withSpec(
                    new PodSpecBuilder(pod)
                        .withContainers(container)
                        .withInitContainers(before)
                        .withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(null)
                        .withTopologySpreadConstraints(List.of())
                        .build())
                .build())
        .endSpec()
        .build();
  }

  private void addVariables(Container container) {
    List<EnvVar> variables =
        new ArrayList<>(
            container.getEnv().stream()
                .filter(variable -> !migrate.environment().containsKey(variable.getName()))
                .toList());
    for (String variable : migrate.environment().keySet()) {
      variables.add(
          new EnvVarBuilder()
              .withName(variable)
              .withNewValueFrom()
              .withNewSecretKeyRef()
              .withName(SECRET)
              .withKey(variable)
              .endSecretKeyRef()
              .endValueFrom()
              .build());
    }
    container.setEnv(variables);
  }

  /** Takes the place of the Secret's name, which is the run's. */
  private static final String SECRET = "rack-gateway-deploy-variables";

  private Job finished(Job job, RunId run) {
    String name = name(run);
    Workload.spec(job.getSpec().getTemplate()).getContainers().stream()
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getValueFrom() != null)
        .map(variable -> variable.getValueFrom().getSecretKeyRef())
        .filter(key -> key != null && SECRET.equals(key.getName()))
        .forEach(key -> key.setName(name));
    ObjectMeta given = job.getMetadata();
    Map<String, String> labels = Objects.requireNonNullElse(given.getLabels(), Map.of());
    return new JobBuilder(job)
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .addToLabels(RUN_LABEL, run.value())
        .withAnnotations(given.getAnnotations())
        .endMetadata()
        .editSpec()
        .withBackoffLimit(Objects.requireNonNullElse(job.getSpec().getBackoffLimit(), 0))
        .withTtlSecondsAfterFinished(
            Objects.requireNonNullElse(job.getSpec().getTtlSecondsAfterFinished(), LEFT_SECONDS))
        .editTemplate()
        .editOrNewMetadata()
        .addToLabels(RUN_LABEL, run.value())
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }
}
