package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.ConvoxConfig.RollbackEnvironment;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackApp;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Works out the way to a target: the edits, the steps, and what forbids it. */
final class ConvoxPlanner {

  private final ConvoxConfig config;
  private final MigrateConfig migrate;
  private final Rack rack;
  private final BuildContext context;
  private final Releases releases;
  private final ConvoxEffects effects;

  ConvoxPlanner(
      ConvoxConfig config,
      MigrateConfig migrate,
      Rack rack,
      BuildContext context,
      Releases releases,
      ConvoxEffects effects) {
    this.config = config;
    this.migrate = migrate;
    this.rack = rack;
    this.context = context;
    this.releases = releases;
    this.effects = effects;
  }

  DriverPlan plan(Observation observation, Target target) {
    RackApp app = rack.app();
    RackRelease active = rack.release(app.release());
    ImageReference current = ImageReference.parse(observation.reference());
    ImageReference wanted = current.withTag(target.version().tag());
    String digest = target.digest();
    ImageReference to = digest == null ? wanted : wanted.withDigest(digest);
    ConvoxManifest manifest = manifest();
    manifest.require(config.service());
    boolean down =
        observation.knownVersion().filter(v -> target.version().compareTo(v) < 0).isPresent();
    Optional<RackRelease> before = down ? releases.running(to.toString()) : Optional.empty();
    TagChange change = TagChange.of(config.manifest(), manifest, active.variables(), to);
    return new DriverPlan(
        active.build(),
        to.toString(),
        config.strategy(),
        change.edits(),
        steps(target, to, change, before),
        gates(app, active, manifest, before),
        interruption(observation, manifest),
        "make a release of build "
            + active.build()
            + " with "
            + (config.rollbackEnvironment() == RollbackEnvironment.RELEASE
                ? "the environment of release " + active.id()
                : "the environment as it is then")
            + ", and promote it");
  }

  private ConvoxManifest manifest() {
    try {
      return ConvoxManifest.parse(
          config.manifest().toString(), Files.readAllBytes(config.manifest()));
    } catch (IOException e) {
      throw new DeployException.Usage(
          config.manifest() + " cannot be read: " + IoFailure.describe(e),
          "name the app's convox.yml in deploy.convox.manifest");
    }
  }

  private List<PlannedStep> steps(
      Target target, ImageReference to, TagChange change, Optional<RackRelease> before) {
    List<PlannedStep> steps = new ArrayList<>();
    if (config.approval().required()) {
      steps.add(
          new PlannedStep(
              Phase.PREPARE,
              ConvoxEffects.APPROVAL,
              "ask the gateway for a deploy approval of commit "
                  + config.commit()
                  + ", and wait for it for at most "
                  + config.approval().timeout().toMinutes()
                  + " min"));
    }
    String variables =
        change.variables().isEmpty()
            ? ""
            : " with "
                + change.variables().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .sorted()
                    .collect(Collectors.joining(", "));
    steps.add(
        before
            .map(
                release ->
                    new PlannedStep(
                        Phase.PREPARE,
                        ConvoxEffects.REUSE,
                        "make a release of build " + release.build() + ", not promoted yet"))
            .orElseGet(
                () ->
                    new PlannedStep(
                        Phase.PREPARE,
                        ConvoxEffects.BUILD,
                        "build a release of " + to + variables + ", not promoted yet")));
    if (config.strategy() == Strategy.STOP_FIRST) {
      // Without migrations, what must not run beside the new version is stopped for the rollout.
      Phase phase = target.migrate() ? Phase.MIGRATE : Phase.ROLLOUT;
      steps.add(new PlannedStep(phase, ConvoxEffects.STOP, effects.stopText()));
    }
    if (target.migrate()) {
      steps.add(
          new PlannedStep(
              Phase.MIGRATE,
              ConvoxEffects.MIGRATE,
              "run '"
                  + String.join(" ", migrate.command())
                  + "' in a process of the new release, which is ended afterwards"));
    }
    if (!change.edits().isEmpty()) {
      steps.add(
          new PlannedStep(
              Phase.ROLLOUT,
              ConvoxEffects.EDIT,
              change.edits().stream().map(ManifestEdit::words).collect(Collectors.joining("; "))));
    }
    steps.add(
        new PlannedStep(Phase.ROLLOUT, ConvoxEffects.PROMOTE, "promote the release of " + to));
    steps.add(
        new PlannedStep(
            Phase.ROLLOUT,
            ConvoxEffects.AWAIT,
            "wait until the app is running, the release is the active one and every process runs"
                + " it; at most "
                + config.rolloutTimeout().toSeconds()
                + " s"));
    return steps;
  }

  private List<Gate> gates(
      RackApp app, RackRelease active, ConvoxManifest manifest, Optional<RackRelease> before) {
    List<Gate> gates = new ArrayList<>();
    gates.add(
        app.settled()
            ? Gate.pass("app", "the app " + app.name() + " is running")
            : Gate.block(
                "app",
                "the app " + app.name() + " is " + app.status(),
                "wait until it is running: convox apps info --app " + app.name()));
    gates.add(drift(active, manifest));
    if (before.isEmpty()) {
      gates.add(context.gate(manifest));
    }
    before.ifPresent(release -> gates.add(environment(active, release)));
    gates.add(way());
    if (config.insecure()) {
      gates.add(
          Gate.warn(
              "tls",
              "deploy.convox.insecure: the certificate of " + rack.display() + " is not looked at",
              "pin it with deploy.convox.fingerprint"));
    }
    return gates;
  }

  /** A release rolls out the whole manifest, not the tag alone. */
  private Gate drift(RackRelease active, ConvoxManifest manifest) {
    String deployed = tagless(active.manifest());
    String ours = tagless(new String(manifest.bytes(), StandardCharsets.UTF_8));
    return deployed.equals(ours)
        ? Gate.pass("drift", "the manifest differs from the deployed one in image tags at most")
        : Gate.warn(
            "drift",
            config.manifest()
                + " differs from the manifest of release "
                + active.id()
                + " in more than image tags, and would be rolled out, too",
            "compare them: convox releases manifest " + active.id());
  }

  private static String tagless(String manifest) {
    return manifest
        .lines()
        .map(line -> line.replaceFirst("^(\\s*image:\\s*[^#\\s]*?)(:[^:/#\\s]+)?\\s*(#.*)?$", "$1"))
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private Gate environment(RackRelease active, RackRelease old) {
    Map<String, String> differences = active.differencesTo(old);
    if (differences.isEmpty()) {
      return Gate.pass(
          "environment-back",
          "releases " + active.id() + " and " + old.id() + " have the same environment");
    }
    boolean current = config.rollbackEnvironment() == RollbackEnvironment.CURRENT;
    return Gate.warn(
        "environment-back",
        "the environments of "
            + active.id()
            + " (now) and "
            + old.id()
            + " differ in "
            + differences.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "))
            + "; "
            + (current ? "what is set now is kept" : "that of " + old.id() + " comes back"),
        "choose with deploy.convox.rollbackEnvironment: current or release");
  }

  private Gate way() {
    return rack.throughGateway()
        ? Gate.warn(
            "second-path",
            "the only way to the rack leads through a Rack Gateway: where it is the one that is"
                + " upgraded, nothing can be rolled back while it does not answer, and a runner"
                + " without this journal cannot find an interrupted run",
            "give the rack's own address in deploy.convox.rack, or keep it at hand; share the"
                + " journal between runners")
        : Gate.pass("second-path", "the rack is reached directly");
  }

  private String interruption(Observation observation, ConvoxManifest manifest) {
    if (observation.instances().isEmpty()) {
      return "none: the gateway is not running";
    }
    if (config.strategy() == Strategy.STOP_FIRST) {
      return "from before the migrations until the new processes are up";
    }
    return keeps(config, manifest, observation.instances().size()) > 0
        ? "none: the rack replaces copies by and by"
        : "one restart";
  }

  /** How many copies keep running during a rollout; a rack rounds up. */
  static int keeps(ConvoxConfig config, ConvoxManifest manifest, int copies) {
    Integer configured = config.minimum();
    int percent = configured == null ? manifest.minimum(config.service()) : configured;
    return (copies * percent + 99) / 100;
  }
}
