package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import org.jspecify.annotations.Nullable;

/** A call that did not succeed, in a way that a caller may make something of. */
abstract sealed class CallFailure extends RuntimeException
    permits CallFailure.Unanswered, CallFailure.Missing {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private CallFailure(Problem problem, @Nullable Throwable cause) {
    super(problem.summary(), cause);
    this.problem = problem;
  }

  /** For whoever makes nothing of it. */
  DeployException.StepFailed failed() {
    return new DeployException.StepFailed(problem, this);
  }

  String reason() {
    return problem.summary();
  }

  /**
   * A rack gave no answer, or one that says to come back later. Whether it did what it was asked to
   * is not known.
   */
  static final class Unanswered extends CallFailure {
    private static final long serialVersionUID = 1L;

    Unanswered(Problem problem, @Nullable Throwable cause) {
      super(problem, cause);
    }
  }

  /** A rack does not know what it was asked about. */
  static final class Missing extends CallFailure {
    private static final long serialVersionUID = 1L;

    Missing(Problem problem) {
      super(problem, null);
    }
  }
}
