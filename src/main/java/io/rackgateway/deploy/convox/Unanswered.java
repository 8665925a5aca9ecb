package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A rack gave no answer, or one that says to come back later. Whether it did what it was asked to
 * is not known.
 */
final class Unanswered extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Unanswered(Problem problem, @Nullable Throwable cause) {
    super(problem.summary(), cause);
    this.problem = problem;
  }

  /** For whoever does not ask again. */
  DeployException.StepFailed failed() {
    return new DeployException.StepFailed(problem, this);
  }

  String reason() {
    return problem.summary();
  }
}
