package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.testing.StandInProcess;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A gateway's folder with releases of the stand-in, and a driver of it. Ends what it started. */
final class HostFixture implements AutoCloseable {

  static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  static final Version OLD = Version.parse("v1.0.0");
  static final Version NEW = Version.parse("v1.1.0");
  static final String TOKEN = "rgw_test_token";

  private static final Pattern VERSION = Pattern.compile("\"version\":\\{\"version\":\"([^\"]+)\"");

  final Path directory;
  final int port;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Map<String, String> gatewayEnvironment = new LinkedHashMap<>();
  Map<String, String> toolEnvironment = System.getenv();
  Map<String, Secret> migrateEnvironment = Map.of();
  @Nullable String artifact;
  @Nullable List<String> command = List.of("./rack-gateway-api");
  @Nullable String unit;
  @Nullable List<String> start;
  @Nullable List<String> stop;
  @Nullable Path pidFile;
  @Nullable Path log;
  Strategy strategy = Strategy.RECREATE;
  Duration stopTimeout = Duration.ofSeconds(20);
  boolean migrate;

  private final HttpClient http = HttpClient.newHttpClient();

  /** A folder with v1.0.0 as the current release. */
  HostFixture(Path directory) throws IOException {
    this.directory = directory.toRealPath();
    this.port = StandInProcess.freePort();
    gatewayEnvironment.put("PORT", Integer.toString(port));
    gatewayEnvironment.put("RACK_GATEWAY_API_TOKEN", TOKEN);
    gatewayEnvironment.put("GATEWAY_DATABASE", "none");
    release(OLD, "none");
    Files.createSymbolicLink(directory.resolve("current"), Path.of("releases", OLD.tag()));
  }

  Path release(Version version, String fault) {
    return release(version, 6, fault);
  }

  Path release(Version version, int migrations, String fault) {
    return DemoRelease.of(version, migrations, fault).writeTo(place(version));
  }

  Path place(Version version) {
    return directory.resolve("releases").resolve(version.tag());
  }

  HostDriver driver() throws IOException {
    Path environmentFile = directory.resolve("gateway.env");
    Files.write(
        environmentFile,
        gatewayEnvironment.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
    HostConfig config =
        new HostConfig(
            directory,
            artifact,
            command,
            unit,
            start,
            stop,
            pidFile,
            log,
            environmentFile,
            strategy,
            stopTimeout,
            Duration.ofMillis(1500));
    MigrateConfig migrateConfig =
        new MigrateConfig(
            migrate,
            List.of("./rack-gateway-api", "migrate"),
            migrateEnvironment,
            Duration.ofMinutes(1));
    Cancellation cancellation = new Cancellation();
    return new HostDriver(
        config,
        migrateConfig,
        DatabaseVariables.USUAL,
        new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
        new Waits(Clock.systemUTC(), cancellation, events::add),
        events::add,
        new OkHttpClient(),
        toolEnvironment);
  }

  /** A plan to go to the version, from what is there now. */
  Deployment deployment(Version to) throws IOException {
    HostDriver driver = driver();
    Observation seen = driver.observe();
    DriverPlan part = driver.plan(seen, new Target(to, null, migrate));
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
            null,
            seen.instances().stream().filter(Instance::serving).toList(),
            part.strategy(),
            part.edits(),
            part.steps(),
            part.gates(),
            SchemaState.unknown("not asked"),
            part.interruption(),
            part.rollbackRoute(),
            "the database is left as it is",
            null,
            Outlook.NONE,
            "test",
            Instant.EPOCH));
  }

  /** Runs the effects of the phases, as a run would: with a new driver for each. */
  void run(Deployment deployment, Phase... phases) throws IOException {
    for (Phase phase : phases) {
      for (Effect effect : driver().effects(phase, deployment)) {
        effect.action().run();
      }
    }
  }

  void upgrade(Deployment deployment) throws IOException {
    run(deployment, Phase.PREPARE, Phase.MIGRATE, Phase.ROLLOUT);
  }

  Effect effect(Deployment deployment, Phase phase, String name) throws IOException {
    return driver().effects(phase, deployment).stream()
        .filter(effect -> effect.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Starts the current release, as an earlier run would have. */
  void startCurrent() throws IOException {
    Deployment deployment = deployment(OLD);
    effect(deployment, Phase.ROLLOUT, "start").action().run();
    effect(deployment, Phase.ROLLOUT, "await-start").action().run();
    awaitVersion();
  }

  /** The process ids of the gateways that run, by what the driver sees. */
  List<Long> pids() throws IOException {
    return driver().observe().instances().stream()
        .filter(Instance::serving)
        .map(instance -> Long.parseLong(instance.id()))
        .toList();
  }

  /** The version that the gateway says it is, once it answers. */
  String awaitVersion() {
    Waits waits = new Waits(Clock.systemUTC(), new Cancellation(), event -> {});
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/info"))
            .header("Authorization", "Bearer " + TOKEN)
            .build();
    return waits
        .until(
            "an answer",
            Duration.ofSeconds(20),
            Duration.ofMillis(20),
            new Waits.Wakeup(),
            () -> {
              try {
                String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
                Matcher version = VERSION.matcher(body);
                return version.find() ? Optional.of(version.group(1)) : Optional.empty();
              } catch (IOException e) {
                return Optional.empty();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            })
        .orElseThrow(() -> new AssertionError("no answer on port " + port));
  }

  @Override
  public void close() {
    // Each gateway of this folder, whoever started it, has this port in its environment.
    for (long pid : Processes.carrying("PORT=" + port)) {
      ProcessHandle.of(pid).ifPresent(HostFixture::end);
    }
  }

  private static void end(ProcessHandle handle) {
    handle.destroyForcibly();
    handle.onExit().join();
  }
}
