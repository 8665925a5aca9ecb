package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.Basics;
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
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.manifest.EnvFileVariables;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Drives a gateway on this machine: {@code releases/<version>/}, the link {@code current}, and what
 * runs the gateway from it.
 */
public final class HostDriver implements DeployDriver {

  private static final String PLATFORM = "host";

  private final HostConfig config;
  private final OkHttpClient http;
  private final Releases releases;
  private final Service service;
  private final Staging staging;
  private final HostEffects effects;
  private final MarkFile mark;
  private final DatabaseVariables variables;

  /**
   * @param variables from which the gateway learns where its database is
   * @param http fetches artifacts
   * @param environment the environment of this process, in whose {@code PATH} programs are found
   */
  public HostDriver(
      HostConfig config,
      MigrateConfig migrate,
      DatabaseVariables variables,
      Commands commands,
      Waits waits,
      Events events,
      OkHttpClient http,
      Map<String, String> environment) {
    this.config = config;
    this.variables = variables;
    this.http = http;
    this.releases = new Releases(config.directory());
    this.service =
        Services.of(
            config,
            releases,
            commands,
            new Stopper(waits, events, config.stopTimeout()),
            new Programs(environment));
    this.staging =
        new Staging(
            releases, config.artifact(), Services.program(config), new Download(http, events));
    this.effects =
        new HostEffects(config, migrate, releases, staging, service, commands, waits, events);
    this.mark = new MarkFile(releases.directory());
  }

  /** Makes the secrets in the gateway's environment file known, so that no output shows them. */
  public static void hideSecrets(HostConfig config, Secrets secrets) {
    Path file = config.environmentFile();
    if (file != null) {
      EnvironmentFile.hideSecrets(file, secrets);
    }
  }

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public Observation observe() {
    Path current = releases.current();
    return new Observation(
        PLATFORM,
        service.name() + " in " + releases.directory(),
        Releases.label(current),
        Releases.versionOf(current).orElse(null),
        service.processes().stream().map(HostDriver::instance).toList());
  }

  private static Instance instance(Running process) {
    Path release = process.release();
    return new Instance(
        Long.toString(process.pid()),
        Service.instance(process.pid()),
        release == null ? "unknown" : release.toString(),
        release == null ? "unknown" : Releases.label(release),
        process.state(),
        process.detail());
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    if (config.strategy() == Strategy.START_FIRST) {
      throw new DeployException.Usage(
          "the strategy start-first needs two gateways on one port, which a host cannot run",
          "set deploy.host.strategy to recreate or stop-first");
    }
    Path file = config.environmentFile();
    if (file != null) {
      // Now rather than half-way.
      EnvironmentFile.read(file);
    }
    Path current = releases.current();
    Version to = target.version();
    String run = "plan";
    List<PlannedStep> steps =
        Stream.of(
                effects.prepare(to, run),
                effects.migrate(to, target.migrate()),
                effects.rollout(to, run))
            .flatMap(List::stream)
            .map(Effect::step)
            .toList();
    boolean stopFirst = config.strategy() == Strategy.STOP_FIRST;
    return new DriverPlan(
        fromImage(observation, current),
        to.tag(),
        config.strategy(),
        List.of(),
        steps,
        List.of(staging.gate(to), writable()),
        stopFirst ? "down while migrations run and for one restart" : "down for one restart",
        "point "
            + releases.link()
            + " back to "
            + current
            + " and start the gateway from there; the folder stays as it is");
  }

  /** A unit or a start script may give the gateway more than the file that is known here. */
  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    Path file = config.environmentFile();
    Set<String> variables = null;
    if (file != null) {
      variables = EnvironmentFile.names(file);
    } else if (config.command() != null) {
      variables = Set.of();
    }
    return new Surroundings(
        variables,
        null,
        false,
        new Surroundings.Availability(observation.instances().size(), false, false, 0),
        List.of(Basics.disk(releases.directory())));
  }

  private Gate writable() {
    Path directory = releases.directory();
    return Files.isWritable(directory)
        ? Gate.pass("folder", "this user may write to " + directory)
        : Gate.block(
            "folder",
            "this user may not write to " + directory + ", where the link is",
            "run this as the user who owns the folder");
  }

  /** What runs counts, not what the link says; the two differ when nobody restarted it. */
  private static String fromImage(Observation observation, Path current) {
    return observation.instances().stream()
        .filter(Instance::serving)
        .map(Instance::image)
        .filter(image -> Files.isDirectory(Path.of(image)))
        .findFirst()
        .orElse(current.toString());
  }

  @Override
  public List<Effect> effects(Phase phase, Deployment deployment) {
    Plan plan = deployment.plan();
    String run = deployment.run().value();
    return switch (phase) {
      case PREPARE -> effects.prepare(plan.to(), run);
      case MIGRATE -> effects.migrate(plan.to(), migrates(plan));
      case RESTORE -> effects.stopAll();
      case ROLLOUT -> effects.rollout(plan.to(), run);
      case ROLLBACK -> effects.rollback(() -> from(plan), run, !plan.instances().isEmpty());
      default -> List.of();
    };
  }

  private static boolean migrates(Plan plan) {
    return plan.steps().stream()
        .anyMatch(step -> step.phase() == Phase.MIGRATE && step.name().equals("run-migrations"));
  }

  private Path from(Plan plan) {
    String image = plan.fromImage();
    Optional<Path> folder =
        image != null && Files.isDirectory(Path.of(image))
            ? Optional.of(Path.of(image))
            : releases.find(plan.from());
    return folder.orElseThrow(
        () ->
            new DeployException.StepFailed(
                "the release before, " + plan.from() + ", is no longer in " + image,
                "bring it back to " + releases.place(plan.from()) + ", then run 'resume'"));
  }

  @Override
  public Optional<String> resolve(String reference) {
    return Version.tryParse(reference).flatMap(releases::find).map(Path::toString);
  }

  @Override
  public Optional<Problem> failure() {
    return service.failure();
  }

  @Override
  public List<String> logs(Instant since) {
    return service.logs(since);
  }

  @Override
  public List<Exhibit> exhibits(Instant since, Consumer<String> secrets) {
    return new HostExhibits(config, releases, service).all(secrets);
  }

  @Override
  public List<LogExcerpt> startLogs(int lines) {
    return service.startLogs(lines);
  }

  @Override
  public Optional<DatabaseAddress> databaseAddress() {
    Path file = config.environmentFile();
    return Optional.of(
        EnvFileVariables.address(
            file,
            () -> file == null ? Map.of() : EnvironmentFile.read(file),
            variables,
            releases.directory()));
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    service.readLogs(since, until, reader);
  }

  @Override
  public List<InsideAnswer> askInside(String path, Duration timeout) {
    return new Loopback(config, http).ask(service, path, timeout);
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
}
