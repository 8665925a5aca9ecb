package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks all gates at once, and waits for each until the deadline. One that did not answer blocks,
 * and says so: it never counts as passed.
 */
final class Gates {

  /** What lifts the block of a gate that could not be evaluated. */
  static final String NOT_EVALUATED = "not-evaluated";

  private final List<GateCheck> checks;
  private final Duration deadline;

  Gates(List<GateCheck> checks, Duration deadline) {
    this.checks = List.copyOf(checks);
    this.deadline = deadline;
  }

  /**
   * The answers, in the order of the gates.
   *
   * @throws DeployException.Cancelled if the run is cancelled meanwhile
   */
  List<GateAnswer> ask(GateContext context) {
    ExecutorService executor = Executors.newCachedThreadPool(Gates::thread);
    try {
      long end = System.nanoTime() + deadline.toNanos();
      List<Future<GateAnswer>> asked = new ArrayList<>();
      for (GateCheck check : checks) {
        asked.add(executor.submit(() -> check.answer(context)));
      }
      List<GateAnswer> answers = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        answers.add(await(checks.get(i).name(), asked.get(i), end));
      }
      return answers;
    } finally {
      executor.shutdownNow();
    }
  }

  private GateAnswer await(String name, Future<GateAnswer> asked, long end) {
    try {
      return asked.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return notEvaluated(
          name,
          Problem.of(
              "no answer within " + deadline.toSeconds() + " s",
              "try again, or give it longer with gates.deadline"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while gates were evaluated", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof DeployException.Cancelled cancelled) {
        throw cancelled;
      }
      return notEvaluated(
          name,
          cause instanceof DeployException failure
              ? failure.problem()
              : Problem.of("the gate itself broke, a bug of this tool: " + cause, "report it"));
    }
  }

  private static GateAnswer notEvaluated(String name, Problem problem) {
    String next = problem.next().isEmpty() ? "" : problem.next() + "; or ";
    return GateAnswer.of(
        Gate.block(
                name,
                "not evaluated: " + problem.summary(),
                next + "go on without it: --accept " + name + "=" + NOT_EVALUATED)
            .withDetails(problem.details())
            .acknowledgedBy(List.of(NOT_EVALUATED)));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "gate");
    thread.setDaemon(true);
    return thread;
  }
}
