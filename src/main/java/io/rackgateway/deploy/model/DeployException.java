package io.rackgateway.deploy.model;

import org.jspecify.annotations.Nullable;

/**
 * A failure that was foreseen. The subclasses say what the caller can do about it; the {@link
 * Problem} says it to a person. Anything else that is thrown is a bug of this tool.
 */
public abstract sealed class DeployException extends RuntimeException
    permits DeployException.Usage,
        DeployException.Blocked,
        DeployException.Locked,
        DeployException.StepFailed,
        DeployException.Cancelled {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private DeployException(Problem problem, @Nullable Throwable cause) {
    super(problem.summary(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /** The user's input or surroundings are wrong; nothing was changed. */
  public static final class Usage extends DeployException {
    private static final long serialVersionUID = 1L;

    public Usage(Problem problem) {
      super(problem, null);
    }

    public Usage(String summary, String next) {
      this(Problem.of(summary, next));
    }
  }

  /** A gate, or a plan that no longer fits the world, forbids going on; nothing was changed. */
  public static final class Blocked extends DeployException {
    private static final long serialVersionUID = 1L;

    public Blocked(Problem problem) {
      super(problem, null);
    }
  }

  /** Another run is at work on this gateway. */
  public static final class Locked extends DeployException {
    private static final long serialVersionUID = 1L;

    public Locked(Problem problem) {
      super(problem, null);
    }
  }

  /** A step of a run failed; what was done so far has to be undone. */
  public static final class StepFailed extends DeployException {
    private static final long serialVersionUID = 1L;

    public StepFailed(Problem problem) {
      super(problem, null);
    }

    public StepFailed(Problem problem, Throwable cause) {
      super(problem, cause);
    }

    public StepFailed(String summary, String next) {
      this(Problem.of(summary, next));
    }
  }

  /** The run was asked to stop, by a signal. */
  public static final class Cancelled extends DeployException {
    private static final long serialVersionUID = 1L;

    public Cancelled(String reason) {
      super(Problem.of(reason, "run 'resume' to finish or undo the run"), null);
    }
  }
}
