package io.rackgateway.deploy.driver.kubernetes;

import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.KubernetesStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway v1.0.0 with two pods in a stand-in of a cluster, and drivers for it. */
final class KubernetesFixture implements AutoCloseable {

  static final Version OLD = Version.parse("v1.0.0");
  static final Version NEW = Version.parse("v1.1.0");
  static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  static final String IMAGE = "docker.io/docspringcom/rack-gateway";
  static final String DEPLOYMENT =
      """
      # The gateway, as it is deployed.
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: gateway
        labels: {app.kubernetes.io/name: rack-gateway}
      spec:
        replicas: 2
        progressDeadlineSeconds: 600
        revisionHistoryLimit: 10
        selector: {matchLabels: {app: gateway}}
        template:
          metadata:
            labels: {app: gateway}
          spec:
            serviceAccountName: gateway
            imagePullSecrets: [{name: registry}]
            containers:
              - name: gateway
                image: docker.io/docspringcom/rack-gateway:v1.0.0 # what an upgrade changes
                env:
                  - {name: DOMAIN, value: gateway.example.com}
                  - {name: APP_SECRET_KEY, valueFrom: {secretKeyRef: {name: gateway, key: key}}}
                readinessProbe: {httpGet: {path: /api/v1/health, port: 8080}}
              - name: proxy
                image: envoyproxy/envoy:v1.30.0
      """;

  final KubernetesStandIn cluster;
  final Path folder;
  final List<Event> events = new CopyOnWriteArrayList<>();
  @Nullable String context;
  @Nullable String namespace;
  @Nullable String deployment = "gateway";
  @Nullable String container;
  List<String> manifests = List.of();
  @Nullable String migrationJob;
  boolean apply = true;
  List<String> takeOver = List.of("kubectl-client-side-apply");
  Strategy strategy = Strategy.START_FIRST;
  Duration rolloutTimeout = Duration.ofSeconds(20);
  Duration schedulingTimeout = Duration.ofSeconds(1);
  Duration patience = Duration.ofSeconds(10);
  Map<String, Secret> migrateEnvironment = Map.of();
  boolean migrate;
  Outlook outlook = Outlook.NONE;

  KubernetesFixture(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.cluster = new KubernetesStandIn();
    Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
    cluster.apply(DEPLOYMENT);
    until(
        "two pods",
        () ->
            cluster.running().size() == 2
                && driver().observe().instances().stream().allMatch(i -> i.serving()));
  }

  static void until(String what, Supplier<Boolean> condition) {
    boolean done =
        new Waits(Clock.systemUTC(), new Cancellation(), event -> {})
            .until(
                what,
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                new Waits.Wakeup(),
                () -> condition.get() ? Optional.of(true) : Optional.empty())
            .isPresent();
    if (!done) {
      throw new AssertionError("waited in vain for " + what);
    }
  }

  DeployDriver driver() {
    KubernetesConfig config =
        new KubernetesConfig(
            folder.resolve("kubeconfig"),
            context,
            namespace,
            deployment,
            "app.kubernetes.io/name=rack-gateway",
            container,
            folder,
            manifests,
            migrationJob,
            apply,
            takeOver,
            strategy,
            8080,
            rolloutTimeout,
            schedulingTimeout,
            patience);
    MigrateConfig migrateConfig =
        new MigrateConfig(
            migrate,
            List.of("./rack-gateway-api", "migrate"),
            migrateEnvironment,
            Duration.ofSeconds(20));
    return KubernetesDriver.connect(
        config,
        migrateConfig,
        IMAGE,
        Map.of(),
        new Waits(Clock.systemUTC(), new Cancellation(), events::add),
        events::add);
  }

  /** A plan to go to the version, from what is there now. */
  Deployment deployment(Version to) {
    return deployment(to, null);
  }

  Deployment deployment(Version to, @Nullable String digest) {
    DeployDriver driver = driver();
    Observation seen = driver.observe();
    DriverPlan part = driver.plan(seen, new Target(to, digest, migrate));
    return new Deployment(
        RUN,
        new Plan(
            Plan.Kind.UPGRADE,
            "test",
            driver.platform(),
            seen.location(),
            seen.knownVersion().orElse(OLD),
            to,
            seen.reference(),
            part.fromImage(),
            part.toReference(),
            digest,
            seen.instances(),
            part.strategy(),
            part.edits(),
            part.steps(),
            part.gates(),
            SchemaState.unknown("not asked"),
            part.interruption(),
            part.rollbackRoute(),
            "the database is left as it is",
            null,
            outlook,
            "test",
            Instant.EPOCH));
  }

  /** What was learnt of the target's image while planning. */
  void planned(String digest) {
    outlook =
        new Outlook(
            Outlook.NONE.releases(),
            Outlook.NONE.environment(),
            Outlook.NONE.migrations(),
            new ImageFacts(IMAGE + ":v1.1.0", digest, List.of("linux/amd64")));
  }

  /** Runs the effects of the phases, as a run would: with a new driver for each. */
  void run(Deployment deployment, Phase... phases) {
    for (Phase phase : phases) {
      for (Effect effect : driver().effects(phase, deployment)) {
        effect.action().run();
      }
    }
  }

  void upgrade(Deployment deployment) {
    run(deployment, Phase.PREPARE, Phase.MIGRATE, Phase.ROLLOUT);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
