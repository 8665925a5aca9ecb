package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.manifest.ImageEdits;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Works out the way to a target: the edit, the steps with their commands, and what forbids it. */
final class ComposePlanner {

  private final ComposeConfig config;
  private final MigrateConfig migrate;
  private final Compose compose;
  private final Docker docker;
  private final ImageEdits edits;
  private final Migration migration;

  ComposePlanner(
      ComposeConfig config,
      MigrateConfig migrate,
      Compose compose,
      Docker docker,
      ImageEdits edits,
      Migration migration) {
    this.config = config;
    this.migrate = migrate;
    this.compose = compose;
    this.docker = docker;
    this.edits = edits;
    this.migration = migration;
  }

  /**
   * Makes the plan.
   *
   * @param model the service, read only where the plan depends on more than its image
   */
  DriverPlan plan(Observation observation, Supplier<ServiceModel> model, Target target) {
    String current = observation.reference();
    ImageReference wanted = ImageReference.parse(current).withTag(target.version().tag());
    String digest = target.digest();
    String to = (digest == null ? wanted : wanted.withDigest(digest)).toString();
    ImageEdits.Change change = edits.change(config.service(), current, to);
    ManifestEdit edit = change.edit();
    String fromImage = fromImage(observation);
    return new DriverPlan(
        fromImage,
        to,
        strategy(target),
        edit == null ? List.of() : List.of(edit),
        steps(observation, target, to, change),
        gates(observation, model, target),
        interruption(observation, target),
        rollbackRoute(observation, fromImage, edit));
  }

  private @Nullable String fromImage(Observation observation) {
    Optional<String> running =
        observation.instances().stream()
            .filter(instance -> instance.reference().equals(observation.reference()))
            .map(Instance::image)
            .findFirst();
    return running.or(() -> docker.imageId(observation.reference())).orElse(null);
  }

  /** With everything stopped there is nothing to start beside. */
  private Strategy strategy(Target target) {
    return target.stopped() && config.strategy() == Strategy.START_FIRST
        ? Strategy.RECREATE
        : config.strategy();
  }

  // Steps

  private List<PlannedStep> steps(
      Observation observation, Target target, String to, ImageEdits.Change change) {
    List<PlannedStep> steps = new ArrayList<>();
    steps.add(
        new PlannedStep(
            Phase.PREPARE,
            ComposeEffects.PULL,
            "fetch the new image: " + Images.pullCommand(to).display()));
    if (strategy(target) == Strategy.STOP_FIRST) {
      steps.add(
          new PlannedStep(
              Phase.MIGRATE,
              ComposeEffects.STOP,
              "stop the old version: " + stopCommand(compose, config).display()));
    }
    if (target.migrate()) {
      steps.add(
          new PlannedStep(
              Phase.MIGRATE,
              ComposeEffects.MIGRATE,
              "run '"
                  + String.join(" ", migrate.command())
                  + "' with the new image in a container of its own (OVERRIDE names the image): "
                  + migration.command("RUN", Path.of("OVERRIDE")).display()));
    }
    ManifestEdit edit = change.edit();
    if (edit != null) {
      steps.add(
          new PlannedStep(Phase.ROLLOUT, ComposeEffects.EDIT, describe(edit, change.sharers())));
    }
    steps.addAll(rollout(observation, target));
    return steps;
  }

  static Command stopCommand(Compose compose, ComposeConfig config) {
    String grace = Long.toString(config.stopTimeout().toSeconds());
    return compose
        .command("stop", "-t", grace, config.service())
        .withTimeout(config.stopTimeout().plusMinutes(2));
  }

  private static String describe(ManifestEdit edit, List<String> sharers) {
    return edit.words()
        + (sharers.isEmpty()
            ? ""
            : " (also the image of " + String.join(", ", sharers) + ", left running as it is)");
  }

  private List<PlannedStep> rollout(Observation observation, Target target) {
    ComposeUp up = new ComposeUp(compose, config, docker);
    int count = observation.instances().size();
    String wait =
        "wait until "
            + (count > 1 ? "all " + count + " containers are" : "the container is")
            + " healthy, or running where there is no health check; at most "
            + config.startTimeout().toSeconds()
            + " s";
    PlannedStep await = new PlannedStep(Phase.ROLLOUT, ComposeEffects.AWAIT, wait);
    if (strategy(target) == Strategy.START_FIRST) {
      int beside = Math.max(1, count);
      return List.of(
          new PlannedStep(
              Phase.ROLLOUT,
              ComposeEffects.START_NEW,
              "start "
                  + beside
                  + " new beside the old: "
                  + up.command(false, count + beside).display()),
          await,
          new PlannedStep(
              Phase.ROLLOUT,
              ComposeEffects.STOP_OLD,
              "after "
                  + config.settle().toMillis()
                  + " ms for proxies, stop and remove the old: docker stop -t "
                  + config.stopTimeout().toSeconds()
                  + " OLD, docker rm --force OLD"));
    }
    boolean legacy = compose.tool().legacy();
    String remove =
        legacy
            ? "docker stop -t " + config.stopTimeout().toSeconds() + " OLD, docker rm --force OLD, "
            : "";
    return List.of(
        new PlannedStep(
            Phase.ROLLOUT,
            ComposeEffects.REPLACE,
            "replace the old version: " + remove + up.command(!legacy, count).display()),
        await);
  }

  // Gates

  private List<Gate> gates(Observation observation, Supplier<ServiceModel> model, Target target) {
    List<Gate> gates = new ArrayList<>();
    if (strategy(target) == Strategy.START_FIRST) {
      gates.add(strategyGate(observation, model.get()));
    }
    String digest = ImageReference.parse(observation.reference()).digest();
    if (digest != null && target.digest() == null) {
      gates.add(
          Gate.block(
              "pinned",
              "the service is pinned to " + observation.reference() + ", the target has no digest",
              "give the target's digest, or take the digest out of the Compose file"));
    }
    gates.add(driftGate(observation));
    return gates;
  }

  private Gate strategyGate(Observation observation, ServiceModel model) {
    int needed = 2 * Math.max(1, observation.instances().size());
    List<String> obstacles = model.obstaclesTo(needed);
    return obstacles.isEmpty()
        ? Gate.pass("strategy", "old and new containers can run side by side")
        : Gate.block(
            "strategy",
            "start-first needs "
                + needed
                + " containers side by side, but "
                + String.join(", and ", obstacles),
            "publish the port of a proxy in front of it instead, or set deploy.compose.strategy to recreate");
  }

  private Gate driftGate(Observation observation) {
    return observation.instances().stream()
        .filter(instance -> !instance.reference().equals(observation.reference()))
        .findFirst()
        .map(
            instance ->
                Gate.block(
                    "drift",
                    "the Compose file says "
                        + observation.reference()
                        + ", but "
                        + instance.name()
                        + " runs "
                        + instance.reference(),
                    "put the file and the containers in step first: "
                        + compose.command("up", "-d", "--no-deps", config.service()).display()))
        .orElseGet(() -> Gate.pass("drift", "the containers run what the Compose file says"));
  }

  // Words

  private String interruption(Observation observation, Target target) {
    if (observation.instances().isEmpty()) {
      return "none: the gateway is not running";
    }
    return switch (strategy(target)) {
      case RECREATE -> "one restart of the container";
      case STOP_FIRST ->
          target.migrate()
              ? "from before the migrations until the new container is up"
              : "from the stop until the new container is up";
      case START_FIRST -> "none behind a proxy: new containers are up before old ones stop";
    };
  }

  private String rollbackRoute(
      Observation observation, @Nullable String fromImage, @Nullable ManifestEdit edit) {
    String file =
        edit == null ? "" : "put '" + edit.before() + "' back into " + edit.file() + ", then ";
    if (observation.instances().isEmpty()) {
      return file + "remove the new containers, as none ran before";
    }
    return file
        + "run the containers of "
        + observation.reference()
        + (fromImage == null ? "" : " from the image " + fromImage + ", kept until then,")
        + " again: "
        + compose.command("up", "-d", "--no-deps", config.service()).display();
  }
}
