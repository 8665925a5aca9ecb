package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.testing.DockerFixture;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Compose project in a folder of its own on a real engine, and a driver for it. */
final class ComposeSandbox implements AutoCloseable {

  static final Version NEXT = Version.parse("v1.1.0");

  final DockerFixture docker;
  final Path directory;
  final int port = DockerFixture.freePort();
  final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  Strategy strategy = Strategy.RECREATE;
  Duration startTimeout = Duration.ofSeconds(20);
  Duration migrateTimeout = Duration.ofSeconds(30);
  @Nullable String configuredProject;
  Map<String, Secret> migrateEnvironment = new LinkedHashMap<>();
  final Map<String, String> environment = new LinkedHashMap<>();
  private final ComposeConfig.ComposeTool tool;

  ComposeSandbox(Path folder, ComposeConfig.ComposeTool tool) throws IOException {
    this.docker = new DockerFixture(Files.createDirectory(folder.resolve("images")));
    this.directory = Files.createDirectory(folder.resolve(docker.name()));
    this.tool = tool;
    this.environment.putAll(docker.environment());
  }

  Path file(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A project with the gateway alone, on a port of this machine. */
  ComposeSandbox project(String tag) {
    return project(tag, "ports: ['127.0.0.1:" + port + ":8080']");
  }

  /** A project whose gateway has these further settings. */
  ComposeSandbox project(String tag, String... settings) {
    file(
        "compose.yaml",
        """
        # The project of a test.
        services:
          gateway:
            image: %s:%s   # the version
            environment: { WHO: gateway }
            %s
        """
            .formatted(docker.repository(), tag, String.join("\n    ", settings)));
    return this;
  }

  /** Brings the project up as its user would. */
  ComposeSandbox up(String... more) {
    List<String> words = new ArrayList<>(words());
    words.addAll(List.of("up", "-d"));
    words.addAll(List.of(more));
    var result = docker.commands().run(Command.of(words).in(directory));
    if (!result.succeeded()) {
      throw new AssertionError(result.command() + ": " + result.tail());
    }
    return this;
  }

  private List<String> words() {
    return tool == ComposeConfig.ComposeTool.V1
        ? List.of("docker-compose")
        : List.of("docker", "compose");
  }

  ComposeDriver driver() {
    ComposeConfig config =
        new ComposeConfig(
            directory,
            "gateway",
            List.of(),
            configuredProject,
            tool,
            strategy,
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            startTimeout,
            null);
    MigrateConfig migrate =
        new MigrateConfig(
            true, List.of("./rack-gateway-api", "migrate"), migrateEnvironment, migrateTimeout);
    return new ComposeDriver(
        config,
        migrate,
        docker.repository(),
        DatabaseVariables.USUAL,
        docker.commands(),
        new Waits(Clock.systemUTC(), new Cancellation(), events::add),
        events::add,
        environment);
  }

  /** A deployment to v1.1.0, planned and not begun. */
  Deployment deployment() {
    return deployment(new Target(NEXT, null, true));
  }

  Deployment deployment(Target target) {
    ComposeDriver driver = driver();
    Observation observed = driver.observe();
    DriverPlan plan = driver.plan(observed, target);
    return new Deployment(
        new RunId("20260115-031500-" + docker.name().substring(4, 10)),
        plan(observed, target, plan));
  }

  private static Plan plan(Observation observed, Target target, DriverPlan plan) {
    return new Plan(
        Plan.Kind.UPGRADE,
        "test",
        observed.platform(),
        observed.location(),
        observed.knownVersion().orElseThrow(),
        target.version(),
        observed.reference(),
        plan.fromImage(),
        plan.toReference(),
        null,
        observed.instances(),
        plan.strategy(),
        plan.edits(),
        plan.steps(),
        plan.gates(),
        SchemaState.unknown("not asked"),
        plan.interruption(),
        plan.rollbackRoute(),
        "the database is left as it is",
        null,
        Outlook.NONE,
        "test",
        Instant.EPOCH);
  }

  /** The effects that go forward, in order. */
  static List<Effect> forward(ComposeDriver driver, Deployment deployment) {
    List<Effect> effects = new ArrayList<>();
    for (Phase phase : List.of(Phase.PREPARE, Phase.MIGRATE, Phase.ROLLOUT)) {
      effects.addAll(driver.effects(phase, deployment));
    }
    return effects;
  }

  /** Goes forward to the end. */
  void upgrade(Deployment deployment) {
    forward(driver(), deployment).forEach(effect -> effect.action().run());
  }

  /** Goes back; as a fresh process would, with a driver of its own. */
  void rollBack(Deployment deployment) {
    driver().effects(Phase.ROLLBACK, deployment).forEach(effect -> effect.action().run());
  }

  /** The service's containers: id, image id, reference and state, sorted. */
  List<String> containers() {
    return containers("{{.Id}} {{.Image}} {{.Config.Image}} {{.State.Status}}");
  }

  List<String> containers(String format) {
    String ids =
        docker.docker(
            "ps",
            "--all",
            "--quiet",
            "--filter",
            "label=com.docker.compose.project=" + docker.name(),
            "--filter",
            "label=com.docker.compose.service=gateway");
    List<String> found = new ArrayList<>();
    ids.lines()
        .filter(id -> !id.isBlank())
        .forEach(id -> found.add(docker.docker("inspect", "--format", format, id)));
    Collections.sort(found);
    return found;
  }

  /** What the gateway answers over its published port. */
  String answer() {
    return docker.docker(
        "exec", containers("{{.Id}}").get(0), "wget", "-qO-", "http://127.0.0.1:8080/version");
  }

  List<String> notices() {
    return events.stream()
        .flatMap(
            event ->
                event instanceof Event.Notice notice
                    ? Optional.of(notice.text()).stream()
                    : Optional.<String>empty().stream())
        .toList();
  }

  List<String> output(String source) {
    return events.stream()
        .filter(event -> event instanceof Event.Output output && output.source().equals(source))
        .map(event -> ((Event.Output) event).line())
        .toList();
  }

  @Override
  public void close() {
    docker.close();
  }
}
