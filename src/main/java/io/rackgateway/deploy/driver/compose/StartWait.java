package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits until containers serve: healthy where they have a health check, else running for a moment.
 * Ends at once when one of them no longer can.
 */
final class StartWait {

  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * A program that cannot start ends within this, as a rule. Not more, because the checks that
   * follow ask the gateway itself.
   */
  private static final Duration STAYS_UP = POLL;

  private static final int LOG_LINES = 20;

  private final Docker docker;
  private final Waits waits;

  StartWait(Docker docker, Waits waits) {
    this.docker = docker;
    this.waits = waits;
  }

  /**
   * Waits.
   *
   * @param containers looks for the containers
   * @param count how many there must be
   * @throws DeployException.StepFailed if one of them ended, keeps ending or is unhealthy, or the
   *     limit passed
   */
  void await(
      String project,
      String service,
      int count,
      Duration limit,
      Supplier<List<Container>> containers) {
    Waits.Wakeup wakeup = new Waits.Wakeup();
    Look look = new Look(containers, count);
    boolean ready;
    Commands.Watch watch = docker.watch(project, wakeup::signal);
    try {
      ready =
          waits.untilTrue(
              "service " + service + " to be " + (count == 1 ? "up" : "up " + count + " times"),
              limit,
              POLL,
              wakeup,
              look::ready);
    } finally {
      watch.close();
    }
    if (!ready) {
      throw late(service, count, limit, containers.get());
    }
  }

  private final class Look {
    private final Supplier<List<Container>> containers;
    private final int count;
    private final Map<String, Integer> restarts = new HashMap<>();
    private final Map<String, Long> upSince = new HashMap<>();

    Look(Supplier<List<Container>> containers, int count) {
      this.containers = containers;
      this.count = count;
    }

    boolean ready() {
      List<Container> now = containers.get();
      boolean ready = now.size() >= count;
      for (Container container : now) {
        throwIfTroubled(container);
        ready &= serves(container);
      }
      return ready;
    }

    private void throwIfTroubled(Container container) {
      Optional<String> trouble = container.trouble(waits.clock().instant());
      int before = restarts.computeIfAbsent(container.id(), id -> container.restarts());
      if (trouble.isEmpty() && container.restarts() > before) {
        trouble = Optional.of("ended and was started again by its restart policy");
      }
      if (trouble.isPresent()) {
        throw new DeployException.StepFailed(problem(docker, container, trouble.get()));
      }
    }

    private boolean serves(Container container) {
      if (!container.running()) {
        return false;
      }
      String health = container.health();
      if (health != null) {
        return health.equals("healthy");
      }
      Instant started = container.startedAt();
      long since = upSince.computeIfAbsent(container.id() + started, key -> System.nanoTime());
      return Waits.since(since).compareTo(STAYS_UP) >= 0;
    }
  }

  /** What is wrong with a container, with the end of its log. */
  static Problem problem(Docker docker, Container container, String trouble) {
    return new Problem(
        "container " + container.name() + " (" + container.reference() + ") " + trouble,
        "find the reason in its last log lines, above",
        docker.tail(container.id(), LOG_LINES));
  }

  private DeployException.StepFailed late(
      String service, int count, Duration limit, List<Container> containers) {
    List<Container> waiting =
        containers.stream()
            .filter(container -> !container.running() || container.health() != null)
            .filter(container -> !"healthy".equals(container.health()))
            .toList();
    String state =
        waiting.isEmpty()
            ? containers.size() + " of " + count + " containers exist"
            : waiting.get(0).name() + " is " + waiting.get(0).condition();
    return new DeployException.StepFailed(
        new Problem(
            "service " + service + " was not up within " + limit.toSeconds() + " s: " + state,
            "look at the log below, or give it longer with deploy.compose.startTimeout",
            waiting.isEmpty() ? List.of() : docker.tail(waiting.get(0).id(), LOG_LINES)));
  }
}
