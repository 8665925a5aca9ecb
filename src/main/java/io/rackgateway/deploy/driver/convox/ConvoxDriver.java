package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackApp;
import io.rackgateway.deploy.convox.RackProcess;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.driver.Variables;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Drives a gateway that is a service of a Convox app. */
public final class ConvoxDriver implements DeployDriver {

  private static final String PLATFORM = "convox";
  private static final int LOG_LINES = 2000;

  private final ConvoxConfig config;
  private final String image;
  private final Rack rack;
  private final Waits waits;
  private final Releases releases;
  private final ReleaseAddress address;
  private final Processes processes;
  private final ConvoxEffects effects;
  private final ConvoxPlanner planner;
  private final RackMark mark;

  /**
   * @param image the repository of the gateway's image, without a tag
   * @param variables from which the gateway learns where its database is
   * @param own where this tool keeps its own files, which are not sent to be built
   * @param clearance comes back when the calls that change something are allowed
   */
  public ConvoxDriver(
      ConvoxConfig config,
      MigrateConfig migrate,
      String image,
      DatabaseVariables variables,
      Rack rack,
      Set<Path> own,
      Consumer<Plan> clearance,
      Waits waits,
      Events events) {
    this.config = config;
    this.image = image;
    this.rack = rack;
    this.waits = waits;
    this.releases = new Releases(rack, config.service());
    this.address = new ReleaseAddress(rack, releases, variables);
    this.processes = new Processes(rack, config.service());
    BuildContext context = new BuildContext(config.manifest(), own);
    this.effects =
        new ConvoxEffects(
            config,
            rack,
            releases,
            address,
            processes,
            new Building(config, rack, context, releases, address, waits, events),
            new OneOff(rack, migrate, waits, events),
            clearance::accept,
            waits,
            events);
    this.planner = new ConvoxPlanner(config, migrate, rack, context, releases, effects);
    this.mark = new RackMark(rack);
  }

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public Observation observe() {
    return asUsage(
        () -> {
          RackApp app = rack.app();
          if (app.release().isEmpty()) {
            throw new DeployException.Usage(
                "the app " + app.name() + " on " + rack.display() + " has no release yet",
                "deploy it once by 'convox deploy'");
          }
          String reference = reference(rack.release(app.release()));
          return new Observation(
              PLATFORM,
              "service " + config.service() + " of app " + app.name() + " on " + rack.display(),
              reference,
              ImageReference.parse(reference).version().orElse(null),
              instances());
        });
  }

  private List<Instance> instances() {
    List<RackProcess> copies = processes.copies();
    if (copies.isEmpty()) {
      return List.of();
    }
    Map<String, RackRelease> known =
        releases.recent().stream()
            .collect(Collectors.toMap(RackRelease::id, release -> release, (a, b) -> a));
    return copies.stream().map(copy -> instance(copy, known.get(copy.release()))).toList();
  }

  private Instance instance(RackProcess copy, @Nullable RackRelease release) {
    RackRelease found = release == null ? rack.release(copy.release()) : release;
    Instance.State state = Processes.state(copy);
    return new Instance(
        copy.id(),
        copy.id(),
        found.build(),
        releases.image(found).orElse("unknown"),
        state,
        state == Instance.State.RUNNING ? null : copy.status());
  }

  private String reference(RackRelease release) {
    ConvoxManifest manifest =
        ConvoxManifest.parse("the manifest of release " + release.id(), release.manifest());
    manifest.require(config.service());
    String reference = releases.image(release).orElse("");
    ImageReference parsed;
    try {
      parsed = ImageReference.parse(reference);
    } catch (IllegalArgumentException e) {
      throw new DeployException.Usage(
          "service '" + config.service() + "' of release " + release.id() + ": " + e.getMessage(),
          "write the image as 'image: " + image + ":TAG'");
    }
    if (!Images.same(parsed.repository(), image)) {
      throw new DeployException.Usage(
          "service '"
              + config.service()
              + "' runs the image "
              + reference
              + ", but the gateway's image is configured as "
              + image,
          "set 'image:' in rack-gateway.yml to "
              + parsed.repository()
              + ", or deploy.convox.service to the gateway's service");
    }
    return reference;
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    return asUsage(() -> planner.plan(observation, target));
  }

  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    return asUsage(
        () -> {
          RackRelease active = rack.release(rack.app().release());
          ConvoxManifest manifest =
              ConvoxManifest.parse("the manifest of " + active.id(), active.manifest());
          int copies = observation.instances().size();
          return new Surroundings(
              active.variables().keySet(),
              null,
              false,
              new Surroundings.Availability(
                  copies,
                  manifest.healthCheck(config.service()),
                  config.strategy() == Strategy.START_FIRST,
                  ConvoxPlanner.keeps(config, manifest, copies)),
              List.of());
        });
  }

  @Override
  public List<Effect> effects(Phase phase, Deployment deployment) {
    return effects.of(phase, deployment);
  }

  @Override
  public Optional<String> resolve(String reference) {
    return releases.running(reference).map(RackRelease::build);
  }

  @Override
  public Optional<Problem> failure() {
    return processes.trouble(processes.copies(), null);
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
    processes.read(since, until, waits.clock().instant(), reader);
  }

  @Override
  public List<InsideAnswer> askInside(String path, Duration timeout) {
    return new InsideProcesses(rack, processes).ask(path, timeout);
  }

  @Override
  public List<Exhibit> exhibits(Instant since, Consumer<String> secrets) {
    return List.of(
        new Exhibit("processes", "Processes of service " + config.service(), this::processTable),
        new Exhibit("releases", "Recent releases", this::releaseTable),
        new Exhibit("services", "Services", this::serviceTable),
        new Exhibit(
            "environment",
            "Variables of the gateway",
            () -> Variables.names(rack.release(rack.app().release()).variables(), secrets)),
        new Exhibit("rack", "Rack and app", this::rackText));
  }

  private String processTable() {
    return rack.processes(config.service()).stream()
        .map(p -> String.join("  ", p.id(), p.status(), p.release(), p.started(), p.command()))
        .collect(Collectors.joining("\n"));
  }

  private String releaseTable() {
    String active = rack.app().release();
    return releases.recent().stream()
        .map(
            r ->
                String.join(
                    "  ",
                    r.id(),
                    r.id().equals(active) ? "active" : "      ",
                    r.build(),
                    r.created(),
                    r.description()))
        .collect(Collectors.joining("\n"));
  }

  private String serviceTable() {
    return rack.services().stream()
        .map(s -> s.name() + "  " + s.count() + "  " + s.domain())
        .collect(Collectors.joining("\n"));
  }

  private String rackText() {
    RackApp app = rack.app();
    return "rack:      "
        + rack.system()
        + "\napp:       "
        + app.name()
        + ", "
        + app.status()
        + (app.locked() ? ", locked" : "")
        + "\nresources: "
        + String.join(", ", rack.resources());
  }

  @Override
  public Optional<DatabaseAddress> databaseAddress() {
    return Optional.of(address);
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
