package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Marks of runs: a container that is made and never started. Docker gives a name to one container
 * only, which makes placing atomic; and it keeps the image that the container is made from, which
 * makes the previous image safe from pruning.
 */
final class ContainerMarks {

  private static final String RUN = "io.rackgateway.deploy.run";
  private static final String OWNER = "io.rackgateway.deploy.owner";
  private static final String STARTED = "io.rackgateway.deploy.started";
  private static final String PLAN = "io.rackgateway.deploy.plan";

  private final Docker docker;
  private final Commands commands;
  private final GatewayService gateway;
  private final Supplier<String> image;

  /**
   * @param image gives the image that is to be kept: the one that runs now
   */
  ContainerMarks(Docker docker, Commands commands, GatewayService gateway, Supplier<String> image) {
    this.docker = docker;
    this.commands = commands;
    this.gateway = gateway;
    this.image = image;
  }

  String name() {
    return "rack-gateway-deploy-" + gateway.project() + "-" + gateway.service();
  }

  Optional<Mark> find() {
    return docker.container(name()).map(ContainerMarks::read);
  }

  private static Mark read(Container container) {
    String run = container.labels().getOrDefault(RUN, "");
    try {
      return new Mark(
          new RunId(run),
          container.labels().getOrDefault(OWNER, "unknown"),
          Instant.parse(container.labels().getOrDefault(STARTED, Instant.EPOCH.toString())),
          container.labels().getOrDefault(PLAN, ""));
    } catch (RuntimeException e) {
      throw new DeployException.Usage(
          "the container '"
              + container.name()
              + "' has the name of a run's mark but was not made by one",
          "look at it with 'docker inspect " + container.name() + "', then remove it");
    }
  }

  void place(Mark mark) {
    CommandResult result =
        commands.run(
            Docker.command(
                "create",
                "--name",
                name(),
                "--network",
                "none",
                "--label",
                RUN + "=" + mark.run(),
                "--label",
                OWNER + "=" + mark.owner(),
                "--label",
                STARTED + "=" + mark.startedAt(),
                "--label",
                PLAN + "=" + mark.plan(),
                image.get(),
                "mark"));
    // Where the name is taken, it is this run's own mark from before, or another run is at work.
    if (!result.succeeded() && !held(mark)) {
      throw Docker.failed("placing the mark of run " + mark.run(), result);
    }
  }

  private boolean held(Mark mark) {
    Optional<Mark> present = find();
    if (present.isPresent() && !present.get().run().equals(mark.run())) {
      throw locked(present.get());
    }
    return present.isPresent();
  }

  private DeployException.Locked locked(Mark other) {
    return other.atWorkOn(
        "service " + gateway.service() + " of project " + gateway.project(),
        "the container " + name());
  }

  void clear(RunId run) {
    Optional<Container> container = docker.container(name());
    if (container.isPresent() && read(container.get()).run().equals(run)) {
      // By its id, so that a mark that another run places meanwhile is left alone.
      docker.remove(container.get().id());
    }
  }
}
