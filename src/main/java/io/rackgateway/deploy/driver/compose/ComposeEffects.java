package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.manifest.ImageEdits;
import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Turns the steps of a plan into effects, and adds those that undo them. */
final class ComposeEffects {

  static final String PULL = "pull-image";
  static final String STOP = "stop";
  static final String MIGRATE = "run-migrations";
  static final String EDIT = "edit-manifest";
  static final String REPLACE = "replace-containers";
  static final String START_NEW = "start-new";
  static final String AWAIT = "await-start";
  static final String STOP_OLD = "stop-old";

  private final ComposeConfig config;
  private final Compose compose;
  private final Docker docker;
  private final Images images;
  private final Migration migration;
  private final ManifestEdits manifests;
  private final Supplier<ImageEdits> edits;
  private final Rollout rollout;

  ComposeEffects(
      ComposeConfig config,
      Compose compose,
      Docker docker,
      Images images,
      Migration migration,
      ManifestEdits manifests,
      Supplier<ImageEdits> edits,
      Rollout rollout) {
    this.config = config;
    this.compose = compose;
    this.docker = docker;
    this.images = images;
    this.migration = migration;
    this.manifests = manifests;
    this.edits = edits;
    this.rollout = rollout;
  }

  List<Effect> of(Phase phase, Deployment deployment) {
    return switch (phase) {
      case ROLLBACK -> back(deployment);
      case RESTORE ->
          List.of(
              new Effect(
                  phase,
                  STOP,
                  "stop every container: " + ComposePlanner.stopCommand(compose, config).display(),
                  this::stop));
      default -> forward(phase, deployment);
    };
  }

  /** The plan's own steps: what was approved is what is done. */
  private List<Effect> forward(Phase phase, Deployment deployment) {
    Plan plan = deployment.plan();
    Map<String, Effect.Action> actions =
        switch (phase) {
          case PREPARE -> Map.of(PULL, () -> images.pull(plan.toReference()));
          case MIGRATE ->
              Map.of(
                  STOP,
                  this::stop,
                  MIGRATE,
                  () -> migration.run(deployment.run(), plan.toReference()));
          case ROLLOUT ->
              Map.of(
                  EDIT,
                  () ->
                      plan.edits()
                          .forEach(
                              edit -> manifests.apply(edit, deployment.run(), config.directory())),
                  REPLACE,
                  () -> rollout.replace(goal(plan)),
                  START_NEW,
                  () -> rollout.startBeside(goal(plan)),
                  AWAIT,
                  () -> rollout.await(goal(plan)),
                  STOP_OLD,
                  () -> rollout.retireOthers(goal(plan)));
          default -> Map.of();
        };
    List<Effect> effects = new ArrayList<>();
    plan.steps().stream()
        .filter(step -> step.phase() == phase)
        .forEach(
            step -> {
              Effect.Action action = actions.get(step.name());
              if (action != null) {
                effects.add(new Effect(phase, step.name(), step.description(), action));
              }
            });
    return effects;
  }

  private Goal goal(Plan plan) {
    String image =
        docker
            .imageId(plan.toReference())
            .orElseThrow(
                () ->
                    new DeployException.StepFailed(
                        "the image " + plan.toReference() + " is no longer on this machine",
                        "run the upgrade again: it fetches the image first"));
    return Goal.to(plan, image);
  }

  private void stop() {
    CommandResult result = compose.run(ComposePlanner.stopCommand(compose, config));
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "service " + config.service() + " could not be stopped: " + result.reason(),
              "see the output of '" + result.command() + "'",
              result.tail()));
    }
  }

  private List<Effect> back(Deployment deployment) {
    Plan plan = deployment.plan();
    Goal goal = Goal.from(plan);
    return List.of(
        new Effect(
            Phase.ROLLBACK,
            "remove-migration",
            "remove the container " + Migration.containerName(deployment.run().value()),
            () -> migration.remove(deployment.run())),
        new Effect(
            Phase.ROLLBACK,
            "restore-manifest",
            "put back what the Compose file said",
            () -> plan.edits().forEach(this::revert)),
        new Effect(
            Phase.ROLLBACK,
            "restore-containers",
            "run " + plan.fromReference() + " again",
            () -> rollout.restore(goal, plan.strategy())),
        new Effect(
            Phase.ROLLBACK,
            "await-restored",
            "wait until " + plan.fromReference() + " is up, then remove what is left of the other",
            () -> rollout.awaitRestored(goal)));
  }

  private void revert(ManifestEdit edit) {
    manifests.revert(edit, edits.get().locator(config.service(), edit));
  }
}
