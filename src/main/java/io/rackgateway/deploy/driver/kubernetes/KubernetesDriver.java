package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Drives a gateway that is a Deployment of a Kubernetes cluster. */
public final class KubernetesDriver implements DeployDriver {

  private static final String PLATFORM = "kubernetes";
  private static final int LOG_LINES = 2000;

  private final KubernetesConfig config;
  private final Cluster cluster;
  private final Workload workload;
  private final KubernetesEffects effects;
  private final KubernetesPlanner planner;
  private final LeaseMark mark;
  private final PodLogs logs;
  private volatile boolean reviewed;

  private KubernetesDriver(
      KubernetesConfig config,
      MigrateConfig migrate,
      String image,
      Cluster cluster,
      Events events) {
    this.config = config;
    this.cluster = cluster;
    this.workload = new Workload(cluster, config, image);
    ImageApply images = new ImageApply(cluster, workload);
    this.effects =
        new KubernetesEffects(
            config,
            workload,
            images,
            new MigrationRun(
                cluster,
                config,
                migrate,
                new JobTemplate(config, migrate, workload, cluster.client()),
                events),
            new RolloutWatch(cluster, workload, config.schedulingTimeout()),
            events);
    this.planner = new KubernetesPlanner(cluster, config, migrate, workload, images, effects);
    this.mark = new LeaseMark(cluster, workload);
    this.logs = new PodLogs(cluster, workload);
  }

  /**
   * Finds the cluster. Nothing is asked yet.
   *
   * @param image the repository of the gateway's image, without a tag
   * @throws DeployException.Usage if there is no kubeconfig, or no such context in it
   */
  public static DeployDriver connect(
      KubernetesConfig config,
      MigrateConfig migrate,
      String image,
      Map<String, String> environment,
      Waits waits,
      Events events) {
    return new KubernetesDriver(
        config, migrate, image, Connection.open(config, environment, waits), events);
  }

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public Observation observe() {
    return asUsage(
        () -> {
          review();
          Deployment deployment = workload.deployment();
          Container container = workload.container(deployment);
          return new Observation(
              PLATFORM,
              "Deployment " + workload.name() + " in " + cluster.display(),
              container.getImage(),
              Workload.reference(container).flatMap(ImageReference::version).orElse(null),
              workload.pods(deployment).stream()
                  .filter(pod -> !PodState.terminating(pod) && !PodState.over(pod))
                  .map(this::instance)
                  .toList());
        });
  }

  /** Once is enough: permissions seldom change while a command runs. */
  private void review() {
    if (!reviewed) {
      new Permissions(cluster).requireReading();
      reviewed = true;
    }
  }

  private Instance instance(Pod pod) {
    Instance.State state = PodState.state(pod);
    String name = workload.containerOf(pod);
    String reference =
        pod.getSpec().getContainers().stream()
            .filter(container -> container.getName().equals(name))
            .map(Container::getImage)
            .findFirst()
            .orElse("unknown");
    return new Instance(
        pod.getMetadata().getName(),
        pod.getMetadata().getName(),
        Workload.revisionOf(pod),
        reference,
        state,
        state == Instance.State.RUNNING
            ? null
            : PodState.trouble(pod).map(PodState.Trouble::sentence).orElse(PodState.phase(pod)));
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    return asUsage(() -> planner.plan(observation, target));
  }

  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    return asUsage(
        () -> {
          Deployment deployment = workload.deployment();
          Container container = workload.container(deployment);
          int replicas = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
          int keeps = KubernetesPlanner.keeps(deployment);
          return new Surroundings(
              environment(container),
              null,
              false,
              new Surroundings.Availability(
                  replicas, container.getReadinessProbe() != null, keeps > 0, keeps),
              List.of());
        });
  }

  /** Only the names; what comes from a whole ConfigMap or Secret is not asked for. */
  private static @Nullable Set<String> environment(Container container) {
    if (!container.getEnvFrom().isEmpty()) {
      return null;
    }
    Set<String> names = new LinkedHashSet<>();
    container.getEnv().stream().map(EnvVar::getName).forEach(names::add);
    return names;
  }

  @Override
  public List<Effect> effects(Phase phase, io.rackgateway.deploy.driver.Deployment deployment) {
    return effects.of(phase, deployment.run(), deployment.plan());
  }

  @Override
  public Optional<String> resolve(String reference) {
    Deployment deployment = workload.deployment();
    List<ReplicaSet> revisions = workload.revisions(deployment);
    return Workload.current(deployment, revisions)
        .filter(
            set ->
                workload.imageOf(set.getSpec().getTemplate()).filter(reference::equals).isPresent())
        .or(
            () ->
                revisions.stream()
                    .filter(
                        set ->
                            workload
                                .imageOf(set.getSpec().getTemplate())
                                .filter(reference::equals)
                                .isPresent())
                    .findFirst())
        .map(set -> set.getMetadata().getName());
  }

  @Override
  public Optional<Problem> failure() {
    for (Pod pod : workload.pods(workload.deployment())) {
      Optional<PodState.Trouble> trouble =
          PodState.terminating(pod) ? Optional.empty() : PodState.trouble(pod);
      if (trouble.isPresent()) {
        return Optional.of(
            new Problem(
                trouble.get().sentence(),
                trouble.get().next(),
                new Evidence(cluster).of(pod, trouble.get().container())));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> logs(Instant since) {
    Deque<String> last = new ArrayDeque<>();
    readLogs(
        since,
        null,
        (instance, at, text) -> {
          last.addLast(text);
          if (last.size() > LOG_LINES) {
            last.removeFirst();
          }
        });
    return new ArrayList<>(last);
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    logs.read(since, until, reader);
  }

  @Override
  public List<InsideAnswer> askInside(String path, Duration timeout) {
    return new InsidePods(cluster, workload, config.port()).ask(path, timeout);
  }

  @Override
  public List<Exhibit> exhibits(Instant since, Consumer<String> secrets) {
    return new KubernetesExhibits(cluster, workload, secrets).all();
  }

  @Override
  public Optional<Mark> findMark() {
    return mark.find();
  }

  @Override
  public void placeMark(Mark newMark) {
    mark.place(newMark);
  }

  @Override
  public void clearMark(RunId run) {
    mark.clear(run);
  }

  /** While nothing has been changed yet, a failing call is a matter of the surroundings. */
  private static <T> T asUsage(Supplier<T> work) {
    try {
      return work.get();
    } catch (DeployException.StepFailed e) {
      throw new DeployException.Usage(e.problem());
    }
  }
}
