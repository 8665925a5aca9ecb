package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.InsideRequest;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks the gateway within each container, with curl or wget, whichever the image has; an image with
 * neither, or without a shell, cannot be asked.
 */
final class InsideContainers {

  private static final int MOST_AT_ONCE = 8;

  /** More than the request's own limit: starting a program in a container takes its time. */
  private static final Duration START = Duration.ofSeconds(10);

  private final Commands commands;

  InsideContainers(Commands commands) {
    this.commands = commands;
  }

  List<InsideAnswer> ask(List<Container> containers, String path, Duration timeout) {
    if (containers.isEmpty()) {
      return List.of();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(MOST_AT_ONCE, containers.size()),
            task -> {
              Thread thread = new Thread(task, "inside");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return containers.stream()
          .map(container -> threads.submit(() -> ask(container, path, timeout)))
          .toList()
          .stream()
          .map(InsideContainers::get)
          .flatMap(Optional::stream)
          .toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Optional<InsideAnswer> get(Future<Optional<InsideAnswer>> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking a container ended with an error", e.getCause());
    }
  }

  private Optional<InsideAnswer> ask(Container container, String path, Duration timeout) {
    List<String> words = new ArrayList<>(List.of("exec", container.id()));
    words.addAll(InsideRequest.command(path, timeout));
    Command command = Docker.command(words.toArray(String[]::new)).withTimeout(timeout.plus(START));
    CommandResult result;
    try {
      result = commands.run(command);
    } catch (DeployException e) {
      return Optional.of(new InsideAnswer(container.name(), 0, "", e.problem().summary()));
    }
    return InsideRequest.read(container.name(), result.exitCode(), result.output(), result.tail());
  }
}
