package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.ComposeVariables;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.manifest.ImageEdits;
import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Drives a gateway that is a service of a Docker Compose project, with Compose v2 or v1. */
public final class ComposeDriver implements DeployDriver {

  private static final int LOG_LINES = 2000;

  private final ComposeConfig config;
  private final MigrateConfig migrate;
  private final String image;
  private final Map<String, String> environment;
  private final Waits waits;
  private final Commands commands;
  private final Docker docker;
  private final Compose compose;
  private final GatewayService gateway;
  private final Images images;
  private final Migration migration;
  private final ComposeEffects effects;
  private final ContainerMarks marks;
  private final DatabaseVariables variables;

  /**
   * @param image the repository of the gateway's image, without a tag
   * @param variables from which the gateway learns where its database is
   * @param environment the variables of this process, which Compose sees, too
   */
  public ComposeDriver(
      ComposeConfig config,
      MigrateConfig migrate,
      String image,
      DatabaseVariables variables,
      Commands commands,
      Waits waits,
      Events events,
      Map<String, String> environment) {
    this.config = config;
    this.migrate = migrate;
    this.variables = variables;
    this.image = image;
    this.environment = Map.copyOf(environment);
    this.waits = waits;
    this.commands = commands;
    this.docker = new Docker(commands, environment);
    this.compose = new Compose(config, commands, events, environment);
    this.gateway = new GatewayService(config.service(), docker, compose::project);
    this.images = new Images(docker, commands, events);
    this.migration = new Migration(config, migrate, compose, docker, commands, events);
    this.effects =
        new ComposeEffects(
            config,
            compose,
            docker,
            images,
            migration,
            new ManifestEdits(events),
            this::edits,
            new Rollout(config, compose, docker, gateway, images, waits));
    this.marks = new ContainerMarks(docker, commands, gateway, this::imageToKeep);
  }

  @Override
  public String platform() {
    return "compose";
  }

  @Override
  public Observation observe() {
    return asUsage(
        () -> {
          ComposeProject project = compose.read();
          String reference = reference(service(project));
          return new Observation(
              platform(),
              "service " + config.service() + " of project " + project.name(),
              reference,
              ImageReference.parse(reference).version().orElse(null),
              docker.containers(project.name(), config.service()).stream()
                  .map(Container::toInstance)
                  .toList());
        });
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    return asUsage(
        () ->
            new ComposePlanner(config, migrate, compose, docker, edits(), migration)
                .plan(observation, () -> service(compose.read()), target));
  }

  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    return asUsage(
        () ->
            new ComposeSurroundings(config, docker, compose, environment, waits.clock())
                .read(observation, service(compose.lastRead()), target.version()));
  }

  @Override
  public SchemaState schema() {
    String service = config.databaseService();
    return service == null
        ? SchemaState.unknown("deploy.compose.databaseService names no service to ask")
        : new ComposeSchema(compose, commands, service).read();
  }

  @Override
  public List<Effect> effects(Phase phase, Deployment deployment) {
    return effects.of(phase, deployment);
  }

  @Override
  public Optional<String> resolve(String reference) {
    return docker.imageId(reference);
  }

  @Override
  public Optional<Problem> failure() {
    Instant now = waits.clock().instant();
    for (Container container : gateway.containers()) {
      Optional<String> trouble = container.trouble(now);
      if (trouble.isPresent()) {
        return Optional.of(StartWait.problem(docker, container, trouble.get()));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> logs(Instant since) {
    Instant theirs = since.plus(new EngineClock(docker, waits.clock()).ahead());
    List<LogLine> lines = new ArrayList<>();
    for (Container container : gateway.containers()) {
      lines.addAll(docker.logs(container.id(), theirs, LOG_LINES));
    }
    lines.sort(LogLine.BY_TIME);
    return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).stream()
        .map(LogLine::text)
        .toList();
  }

  @Override
  public List<Exhibit> exhibits(Instant since, Consumer<String> secrets) {
    return new ComposeExhibits(config.service(), docker, compose, waits.clock())
        .all(since, secrets);
  }

  @Override
  public List<LogExcerpt> startLogs(int lines) {
    return new ContainerExhibits(config.service(), docker, compose).logs(lines);
  }

  @Override
  public Optional<DatabaseAddress> databaseAddress() {
    ComposeFiles files = compose.files();
    return Optional.of(
        ComposeVariables.address(
            files.paths(),
            files.envFile(),
            config.service(),
            environment,
            () -> service(compose.read()).variables(),
            variables,
            config.directory(),
            () -> new StaleContainers(config, compose, docker, gateway, variables).remove()));
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    new ServiceLogs(docker, commands, gateway, new EngineClock(docker, waits.clock()))
        .read(since, until, reader);
  }

  @Override
  public List<InsideAnswer> askInside(String path, Duration timeout) {
    try {
      List<Container> running = gateway.containers().stream().filter(Container::running).toList();
      return new InsideContainers(commands).ask(running, path, timeout);
    } catch (DeployException e) {
      // The engine cannot be asked just now: nothing is known from inside.
      return List.of();
    }
  }

  @Override
  public Optional<Mark> findMark() {
    return marks.find();
  }

  @Override
  public void placeMark(Mark mark) {
    marks.place(mark);
  }

  @Override
  public void clearMark(RunId run) {
    marks.clear(run);
  }

  private ServiceModel service(ComposeProject project) {
    ServiceModel model = project.services().get(config.service());
    if (model == null) {
      throw new DeployException.Usage(
          "there is no service '"
              + config.service()
              + "' in "
              + String.join(", ", compose.files().names())
              + " of "
              + compose.files().home()
              + "; its services are "
              + String.join(", ", new TreeSet<>(project.services().keySet())),
          "set deploy.compose.service to the service that runs the gateway");
    }
    return model;
  }

  private String reference(ServiceModel model) {
    String reference = model.image();
    if (reference == null) {
      throw new DeployException.Usage(
          "service '"
              + config.service()
              + "' is built from source and names no image, so that there is no version to change",
          "give it 'image: " + image + ":TAG' instead of 'build:'");
    }
    ImageReference parsed;
    try {
      parsed = ImageReference.parse(reference);
    } catch (IllegalArgumentException e) {
      throw new DeployException.Usage(
          "service '" + config.service() + "': " + e.getMessage(),
          "write the image as 'image: " + image + ":TAG'");
    }
    if (!canonical(parsed.repository()).equals(canonical(image))) {
      throw new DeployException.Usage(
          "service '"
              + config.service()
              + "' runs the image "
              + reference
              + ", but the gateway's image is configured as "
              + image,
          "set 'image:' in rack-gateway.yml to "
              + parsed.repository()
              + ", or deploy.compose.service to the gateway's service");
    }
    return reference;
  }

  /** Docker Hub's images can be named in several ways. */
  private static String canonical(String repository) {
    String name = repository.replaceFirst("^(index\\.)?docker\\.io/", "");
    return name.replaceFirst("^library/", "");
  }

  private ImageEdits edits() {
    ComposeFiles files = compose.files();
    return new ImageEdits(files.paths(), files.envFile(), environment);
  }

  private String imageToKeep() {
    Optional<String> running = gateway.containers().stream().map(Container::image).findFirst();
    if (running.isPresent()) {
      return running.get();
    }
    String reference = reference(service(compose.read()));
    if (docker.imageId(reference).isEmpty()) {
      images.pull(reference);
    }
    return reference;
  }

  /** While nothing has been changed yet, a failing command is a matter of the surroundings. */
  private static <T> T asUsage(Supplier<T> work) {
    try {
      return work.get();
    } catch (DeployException.StepFailed e) {
      throw new DeployException.Usage(e.problem());
    }
  }
}
