package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/**
 * A command that works with a configuration: opens a {@link Session}, runs in it, tells its end.
 */
abstract class AppCommand implements Callable<Integer> {

  private final App app;

  @Mixin GlobalOptions options = new GlobalOptions();

  AppCommand(App app) {
    this.app = app;
  }

  /** The command's name, as it stands in results and in the journal. */
  abstract String name();

  /** Whether it changes a gateway, so that others may wait for what it does. */
  boolean beginsRuns() {
    return false;
  }

  /** Puts what the command's own options say about the configuration over it. */
  void override(Map<String, String> configuration) {}

  /** Does the work and tells the answer; throws what went wrong. */
  abstract ExitCode run(Session session);

  @Override
  public final Integer call() {
    try (Session session = new Session(app, options, name())) {
      try {
        override(options.overrides);
        session.load();
        return run(session).code();
      } catch (DeployException e) {
        if (e instanceof DeployException.Blocked && beginsRuns()) {
          session.refused(e.problem());
        }
        return failed(session, e).code();
      } finally {
        session.finishNotices();
      }
    }
  }

  /** Failures of a command are told like the results of runs, so that a pipeline reads one form. */
  private ExitCode failed(Session session, DeployException e) {
    ExitCode outcome = Outcomes.of(e);
    Problem problem = e.problem();
    if (e instanceof DeployException.Cancelled) {
      problem = Problem.of("stopped (" + problem.summary() + "); nothing was changed", "");
    }
    if (options.json) {
      session.tell(
          RunResult.withoutRun(
              outcome, name(), session.gatewayName(), problem, session.clock().instant()));
    } else {
      ProblemView.print(session.output(), problem);
    }
    return outcome;
  }
}
