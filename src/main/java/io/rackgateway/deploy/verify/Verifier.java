package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs every check. The first one, which waits for the gateway to answer, runs alone: version and
 * logs tell the truth only once it does. The others run at the same time afterwards, also when the
 * first has failed, because what they find explains why; but then they wait for nothing.
 */
public final class Verifier {

  private static final int MOST_AT_ONCE = 16;

  private final CheckRunner first;
  private final List<CheckRunner> others;
  private final Events events;

  /**
   * @param first the check that waits for the gateway to answer
   */
  public Verifier(CheckRunner first, List<CheckRunner> others, Events events) {
    this.first = first;
    this.others = List.copyOf(others);
    this.events = events;
  }

  /**
   * Runs every check to its end.
   *
   * @return how each came out, in the order in which the checks were given
   * @throws DeployException.Cancelled if the run is cancelled meanwhile
   */
  public List<Check> verify(Expectation expectation) {
    List<Check> checks = new ArrayList<>();
    Check answers = run(first, expectation);
    checks.add(answers);
    Expectation rest = answers.verdict() == Verdict.FAIL ? expectation.now() : expectation;
    if (others.isEmpty()) {
      return checks;
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(
            Math.min(MOST_AT_ONCE, others.size()),
            task -> {
              Thread thread = new Thread(task, "check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<Check>> running = new ArrayList<>();
      for (CheckRunner runner : others) {
        running.add(executor.submit(() -> run(runner, rest)));
      }
      for (Future<Check> check : running) {
        checks.add(result(check));
      }
      return checks;
    } finally {
      executor.shutdownNow();
    }
  }

  private static Check result(Future<Check> check) {
    try {
      return check.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while verifying", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DeployException.Cancelled cancelled) {
        throw cancelled;
      }
      throw new IllegalStateException("a check ended with an error", e.getCause());
    }
  }

  private Check run(CheckRunner runner, Expectation expectation) {
    long start = System.nanoTime();
    CheckRunner.Finding finding = find(runner, expectation);
    Check check =
        new Check(runner.name(), finding.verdict(), finding.evidence(), Waits.since(start));
    events.emit(new Event.CheckFinished(check));
    return check;
  }

  private static CheckRunner.Finding find(CheckRunner runner, Expectation expectation) {
    try {
      return runner.run(expectation);
    } catch (DeployException.Cancelled e) {
      throw e;
    } catch (DeployException e) {
      return CheckRunner.Finding.fail(e.problem().summary());
    } catch (RuntimeException e) {
      return CheckRunner.Finding.fail("the check itself broke, a bug of this tool: " + e);
    }
  }
}
