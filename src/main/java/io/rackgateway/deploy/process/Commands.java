package io.rackgateway.deploy.process;

import io.rackgateway.deploy.time.Cancellation;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Starts child processes. */
public interface Commands {

  /**
   * Runs a command to its end. A non-zero exit code is a result, not an exception.
   *
   * @param lines receives each line of both outputs as it comes
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it cannot be started or
   *     exceeds its timeout
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if it is interruptible and the
   *     run is cancelled
   */
  CommandResult run(Command command, Consumer<String> lines);

  /** {@link #run(Command, Consumer)} for a command whose lines nobody watches. */
  default CommandResult run(Command command) {
    return run(command, line -> {});
  }

  /**
   * {@link #run(Command, Consumer)} for a command that its caller may end while it runs.
   *
   * @param stop a request here ends the command, whose result is then that of an ended process
   */
  default CommandResult run(Command command, Consumer<String> lines, Cancellation stop) {
    return run(command, lines);
  }

  /**
   * Runs a command whose output is too much to keep. Both outputs come as one, in the order in
   * which the command wrote them; lines are cut at 64 KiB. A cancelled run ends the command if it
   * is interruptible.
   *
   * @param lines receives each line as it comes, one at a time; may throw to end the command
   * @return how it ended; its output is empty, its tail the last lines
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it cannot be started or
   *     exceeds its timeout
   */
  default CommandResult stream(Command command, Consumer<String> lines) {
    return run(command, lines);
  }

  /**
   * Starts a command that reports until it is closed, such as a watch. Its end, whatever the
   * reason, is not an error.
   *
   * @param lines receives each line of standard output as it comes
   */
  Watch watch(Command command, Consumer<String> lines);

  /**
   * Starts a command that outlives this process, in a session of its own, with its output appended
   * to a file. Of this process's environment it gets only what every program needs, such as {@code
   * PATH}: it must not hold the secrets of a CI job, nor be taken for a leftover of one and killed.
   *
   * @return its process id
   */
  long launch(Command command, Path log);

  /** A running watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** What marks a child as belonging to a run, so that it can be found after a crash. */
  static Map<String, String> mark(String run) {
    return Map.of(MARK, run);
  }

  /** The environment variable that carries the run's id in every child but the gateway itself. */
  String MARK = "RACK_GATEWAY_DEPLOY_RUN";
}
