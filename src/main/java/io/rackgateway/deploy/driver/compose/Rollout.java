package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.time.Waits;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the containers of the service to a goal. Every method looks at what is there first, so
 * that it can be repeated from any state in which an earlier attempt ended.
 */
final class Rollout {

  private final ComposeConfig config;
  private final Compose compose;
  private final ComposeUp up;
  private final Docker docker;
  private final GatewayService gateway;
  private final Images images;
  private final Waits waits;

  Rollout(
      ComposeConfig config,
      Compose compose,
      Docker docker,
      GatewayService gateway,
      Images images,
      Waits waits) {
    this.config = config;
    this.compose = compose;
    this.up = new ComposeUp(compose, config, docker);
    this.docker = docker;
    this.gateway = gateway;
    this.images = images;
    this.waits = waits;
  }

  /** What is there, seen from a goal. */
  private record Present(List<Container> wanted, List<Container> others) {

    int all() {
      return wanted.size() + others.size();
    }

    boolean reached(Goal goal) {
      return others.isEmpty()
          && wanted.size() >= goal.atLeast()
          && wanted.stream().allMatch(Container::running);
    }
  }

  private Present look(Goal goal) {
    List<Container> wanted = new ArrayList<>();
    List<Container> others = new ArrayList<>();
    for (Container container : gateway.containers()) {
      (goal.matches(container) ? wanted : others).add(container);
    }
    return new Present(wanted, others);
  }

  /** Replaces what runs: the old containers go, the new ones come. */
  void replace(Goal goal) {
    Present present = look(goal);
    if (present.reached(goal)) {
      return;
    }
    if (compose.tool().legacy()) {
      // Compose v1 fails in replacing containers on newer engines, and leaves them renamed.
      docker.stopAndRemove(present.others(), config.stopTimeout());
      up.run(false, goal.count());
    } else {
      up.run(true, goal.count());
    }
  }

  /** Starts new containers beside the old ones. */
  void startBeside(Goal goal) {
    Present present = look(goal);
    int missing = goal.atLeast() - present.wanted().size();
    boolean started =
        present.wanted().stream().noneMatch(container -> container.status().equals("created"));
    if (missing > 0 || !started) {
      up.run(false, present.all() + Math.max(0, missing));
    }
  }

  /** Lets proxies notice the new containers, then stops and removes the others. */
  void retireOthers(Goal goal) {
    Present present = look(goal);
    if (present.others().stream().anyMatch(Container::running)) {
      waits.pause("proxies to notice the new containers", config.settle());
      present = look(goal);
      requireWell(present.wanted());
    }
    docker.stopAndRemove(present.others(), config.stopTimeout());
  }

  /** The old containers must not go if the new ones have ended meanwhile. */
  private void requireWell(List<Container> containers) {
    for (Container container : containers) {
      container
          .trouble(waits.clock().instant())
          .ifPresent(
              trouble -> {
                throw new DeployException.StepFailed(StartWait.problem(docker, container, trouble));
              });
    }
  }

  /** Waits until as many containers as wanted serve. */
  void await(Goal goal) {
    new StartWait(docker, waits)
        .await(
            gateway.project(),
            gateway.service(),
            goal.atLeast(),
            config.startTimeout(),
            () -> look(goal).wanted());
  }

  /**
   * Brings back what ran before, touching none of its containers that are still there: they are
   * started again if they were stopped, and only what is missing is made anew.
   */
  void restore(Goal goal, Strategy strategy) {
    Present present = look(goal);
    if (present.reached(goal)
        || (goal.count() == 0 && present.wanted().isEmpty() && present.others().isEmpty())) {
      return;
    }
    if (present.wanted().size() >= goal.atLeast()) {
      startAgain(present, strategy);
    } else if (goal.count() == 0) {
      docker.stopAndRemove(present.others(), config.stopTimeout());
    } else {
      images.restore(goal);
      make(goal, strategy, present);
    }
  }

  private void startAgain(Present present, Strategy strategy) {
    boolean serving = present.wanted().stream().allMatch(Container::running);
    if (serving || strategy != Strategy.START_FIRST) {
      // The others may hold the ports.
      docker.stopAndRemove(present.others(), config.stopTimeout());
    }
    List<String> start = new ArrayList<>(List.of("start"));
    present.wanted().stream()
        .filter(container -> !container.running())
        .forEach(container -> start.add(container.id()));
    if (start.size() > 1) {
      docker.run(
          "starting " + Docker.names(present.wanted()) + " again",
          Docker.command(start.toArray(String[]::new)));
    }
  }

  private void make(Goal goal, Strategy strategy, Present present) {
    boolean beside =
        strategy == Strategy.START_FIRST && present.others().stream().anyMatch(Container::running);
    if (beside) {
      startBeside(goal);
    } else if (compose.tool().legacy()) {
      docker.stopAndRemove(present.others(), config.stopTimeout());
      up.run(false, goal.count());
    } else {
      up.run(true, goal.count());
    }
  }

  /** Waits until what was brought back serves, then removes whatever else is left. */
  void awaitRestored(Goal goal) {
    if (goal.count() > 0) {
      await(goal);
    }
    docker.stopAndRemove(look(goal).others(), config.stopTimeout());
  }
}
