package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs the migrations in a Job, and waits for either of its conditions: a Job that failed ends the
 * wait at once, as does a pod that cannot start.
 */
final class MigrationRun {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration POD = Duration.ofMinutes(1);
  private static final Set<String> FAILED = Set.of("Failed", "FailureTarget");
  private static final int LINES = 1000;

  private final Cluster cluster;
  private final KubernetesConfig config;
  private final MigrateConfig migrate;
  private final JobTemplate template;
  private final Evidence evidence;
  private final Events events;

  MigrationRun(
      Cluster cluster,
      KubernetesConfig config,
      MigrateConfig migrate,
      JobTemplate template,
      Events events) {
    this.cluster = cluster;
    this.config = config;
    this.migrate = migrate;
    this.template = template;
    this.evidence = new Evidence(cluster);
    this.events = events;
  }

  private ScalableResource<Job> job(RunId run) {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace())
        .withName(template.name(run));
  }

  /** Has the API server judge the Job, without making it. */
  void dryRun(RunId run, Deployment deployment, ImageReference to) {
    Job wanted = template.of(run, deployment, to);
    var unused =
        cluster.call(
            "the dry run of Job " + template.name(run),
            () ->
                unlessThere(
                    () ->
                        cluster
                            .client()
                            .batch()
                            .v1()
                            .jobs()
                            .inNamespace(cluster.namespace())
                            .resource(wanted)
                            .dryRun()
                            .create(),
                    wanted));
  }

  /**
   * Runs the migrations to their end; goes on with a Job that an attempt before has begun.
   *
   * @throws DeployException.StepFailed if they fail, or cannot be begun
   */
  void migrate(RunId run, Deployment deployment, ImageReference to) {
    Job wanted = template.of(run, deployment, to);
    createSecret(run);
    var unused =
        cluster.call(
            "creating Job " + template.name(run),
            () ->
                unlessThere(
                    () ->
                        cluster
                            .client()
                            .batch()
                            .v1()
                            .jobs()
                            .inNamespace(cluster.namespace())
                            .resource(wanted)
                            .create(),
                    wanted));
    try {
      await(run);
    } finally {
      deleteSecret(run);
    }
    delete(run);
  }

  private static <T> T unlessThere(java.util.function.Supplier<T> create, T otherwise) {
    try {
      return create.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) {
        return otherwise;
      }
      throw e;
    }
  }

  private void await(RunId run) {
    Waits.Wakeup wakeup = new Waits.Wakeup();
    String name = template.name(run);
    try (SharedIndexInformer<Job> jobs =
            Watches.begin(
                cluster, "watching Job " + name, () -> job(run).runnableInformer(0), wakeup);
        SharedIndexInformer<Pod> pods =
            Watches.begin(
                cluster,
                "watching the pod of Job " + name,
                () ->
                    cluster
                        .client()
                        .pods()
                        .inNamespace(cluster.namespace())
                        .withLabel(JobTemplate.RUN_LABEL, run.value())
                        .runnableInformer(0),
                wakeup)) {
      long began = System.nanoTime();
      boolean done =
          cluster
              .waits()
              .until(
                  () -> words(name, pods),
                  migrate.timeout(),
                  LOOK,
                  wakeup,
                  () -> look(name, jobs, pods, Waits.since(began)))
              .isPresent();
      List<Pod> all = pods.getStore().list();
      if (!done) {
        throw new DeployException.StepFailed(
            new Problem(
                "Job " + name + " was not done within " + migrate.timeout().toSeconds() + " s",
                "see its log below, or give it longer with migrate.timeout",
                explain(all)));
      }
      output(all);
    }
  }

  private static String words(String name, SharedIndexInformer<Pod> pods) {
    String states =
        pods.getStore().list().stream().map(PodState::line).collect(Collectors.joining("; "));
    return "Job " + name + (states.isEmpty() ? " to begin" : ": " + states);
  }

  private Optional<Boolean> look(
      String name, SharedIndexInformer<Job> jobs, SharedIndexInformer<Pod> pods, Duration waited) {
    List<Job> found = jobs.getStore().list();
    List<Pod> all = pods.getStore().list();
    if (found.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "Job "
                  + name
                  + " was deleted while it ran: whether the migrations were applied is"
                  + " not known",
              "compare the schema with 'status', and find out who deleted it",
              explain(all)));
    }
    Job job = found.get(0);
    List<JobCondition> conditions =
        job.getStatus() == null ? List.of() : job.getStatus().getConditions();
    for (JobCondition condition : conditions) {
      if (!"True".equals(condition.getStatus())) {
        continue;
      }
      if ("Complete".equals(condition.getType())) {
        return Optional.of(true);
      }
      if (FAILED.contains(condition.getType())) {
        throw failed(name, condition, all);
      }
    }
    throwIfStuck(name, job, all, waited);
    return Optional.empty();
  }

  private DeployException failed(String name, JobCondition condition, List<Pod> all) {
    output(all);
    List<String> lines = explain(all);
    String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
    String exit =
        all.stream()
            .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
            .filter(s -> s.getState() != null && s.getState().getTerminated() != null)
            .map(s -> " with exit code " + s.getState().getTerminated().getExitCode())
            .findFirst()
            .orElse("");
    return new DeployException.StepFailed(
        new Problem(
            "the migrations failed"
                + exit
                + " in Job "
                + name
                + " ("
                + condition.getReason()
                + ")"
                + last,
            "see the output above",
            lines));
  }

  private void throwIfStuck(String name, Job job, List<Pod> all, Duration waited) {
    for (Pod pod : all) {
      Optional<PodState.Trouble> trouble = PodState.trouble(pod);
      if (trouble.isPresent()) {
        throw new DeployException.StepFailed(
            new Problem(
                "Job " + name + " cannot run: " + trouble.get().sentence(),
                trouble.get().next(),
                evidence.of(pod, trouble.get().container())));
      }
      Optional<String> homeless = PodState.unschedulable(pod);
      if (homeless.isPresent() && waited.compareTo(config.schedulingTimeout()) > 0) {
        throw new DeployException.StepFailed(
            new Problem(
                "no node takes the pod of Job " + name + ": " + homeless.get(),
                "make room on a node, or give it longer with deploy.kubernetes.schedulingTimeout",
                evidence.of(pod, null)));
      }
    }
    if (all.isEmpty()) {
      List<String> events =
          waited.compareTo(POD.dividedBy(20)) > 0
              ? evidence.events(job.getMetadata().getUid())
              : List.of();
      boolean refused = events.stream().anyMatch(line -> line.contains("FailedCreate"));
      if (refused || waited.compareTo(POD) > 0) {
        throw new DeployException.StepFailed(
            new Problem(
                "Job " + name + (refused ? " is refused its pod" : " made no pod"),
                "see its events below: a quota, a webhook or a missing service account",
                events));
      }
    }
  }

  private List<String> explain(List<Pod> pods) {
    List<String> lines = new ArrayList<>();
    for (Pod pod : pods) {
      lines.addAll(evidence.of(pod, pod.getSpec().getContainers().get(0).getName()));
    }
    return lines;
  }

  /** What the migrations said. */
  private void output(List<Pod> pods) {
    for (Pod pod : pods) {
      cluster
          .ask(
              "reading the log of " + pod.getMetadata().getName(),
              () ->
                  cluster
                      .client()
                      .pods()
                      .inNamespace(cluster.namespace())
                      .withName(pod.getMetadata().getName())
                      .inContainer(pod.getSpec().getContainers().get(0).getName())
                      .tailingLines(LINES)
                      .getLog())
          .ifPresent(
              text -> text.lines().forEach(line -> events.emit(new Event.Output("migrate", line))));
    }
  }

  /** Ends the run's Job where it still runs; one that has ended stays for whoever looks for why. */
  void end(RunId run) {
    deleteSecret(run);
    Optional<Job> job = cluster.find("reading Job " + template.name(run), () -> job(run).get());
    boolean over =
        job.map(Job::getStatus)
            .filter(
                status ->
                    status.getConditions().stream()
                        .anyMatch(
                            c ->
                                "True".equals(c.getStatus())
                                    && (FAILED.contains(c.getType())
                                        || "Complete".equals(c.getType()))))
            .isPresent();
    if (job.isPresent() && !over) {
      delete(run);
      Waits.Wakeup wakeup = new Waits.Wakeup();
      try (SharedIndexInformer<Pod> pods =
          Watches.begin(
              cluster,
              "watching the pod of Job " + template.name(run),
              () ->
                  cluster
                      .client()
                      .pods()
                      .inNamespace(cluster.namespace())
                      .withLabel(JobTemplate.RUN_LABEL, run.value())
                      .runnableInformer(0),
              wakeup)) {
        boolean gone =
            cluster
                .waits()
                .untilTrue(
                    "the pod of Job " + template.name(run) + " to end",
                    config.rolloutTimeout(),
                    LOOK,
                    wakeup,
                    () ->
                        pods.getStore().list().stream()
                            .allMatch(
                                pod ->
                                    PodState.over(pod)
                                        || PodState.lost(pod, cluster.waits().clock().instant())));
        if (!gone) {
          throw new DeployException.StepFailed(
              "the pod of Job " + template.name(run) + " does not end",
              "delete it by 'kubectl delete pod --force', then run 'resume'");
        }
      }
    }
  }

  private void delete(RunId run) {
    var unused =
        cluster.find(
            "deleting Job " + template.name(run),
            () -> job(run).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
  }

  /**
   * The variables of the migrations alone: in a Secret, because anybody who may list Jobs reads
   * them.
   */
  private void createSecret(RunId run) {
    if (migrate.environment().isEmpty()) {
      return;
    }
    Map<String, String> values =
        migrate.environment().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().value()));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(template.name(run))
            .withNamespace(cluster.namespace())
            .addToLabels(JobTemplate.RUN_LABEL, run.value())
            .endMetadata()
            .withType("Opaque")
            .withStringData(values)
            .build();
    var unused =
        cluster.call(
            "creating Secret " + template.name(run),
            () ->
                unlessThere(
                    () ->
                        Objects.requireNonNull(
                            cluster
                                .client()
                                .secrets()
                                .inNamespace(cluster.namespace())
                                .resource(secret)
                                .create()),
                    secret));
  }

  private void deleteSecret(RunId run) {
    if (migrate.environment().isEmpty()) {
      return;
    }
    var unused =
        cluster.find(
            "deleting Secret " + template.name(run),
            () ->
                cluster
                    .client()
                    .secrets()
                    .inNamespace(cluster.namespace())
                    .withName(template.name(run))
                    .delete());
  }
}
