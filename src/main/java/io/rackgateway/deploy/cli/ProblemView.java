package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Problem;

/** A failure as a person reads it: what happened, the lines that explain it, what to do next. */
final class ProblemView {

  private static final int MOST_DETAILS = 20;

  private ProblemView() {}

  static void print(Output output, Problem problem) {
    output.errorLine("error: " + Output.clean(problem.summary()));
    problem.details().stream()
        .limit(MOST_DETAILS)
        .forEach(line -> output.errorLine("       " + Output.clean(line)));
    if (!problem.next().isEmpty()) {
      output.errorLine("next:  " + Output.clean(problem.next()));
    }
  }
}
