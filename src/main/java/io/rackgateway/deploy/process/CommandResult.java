package io.rackgateway.deploy.process;

import java.time.Duration;
import java.util.List;

/**
 * How a child process ended.
 *
 * @param command as a person would type it
 * @param exitCode its exit code; 128 plus the signal number when a signal ended it
 * @param output what it printed on standard output, complete
 * @param tail the last lines of standard output and standard error together
 */
public record CommandResult(
    String command, int exitCode, String output, List<String> tail, Duration duration) {

  public CommandResult {
    tail = List.copyOf(tail);
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  /** The last non-blank line it printed, or its exit code when it printed none. */
  public String reason() {
    for (int i = tail.size() - 1; i >= 0; i--) {
      if (!tail.get(i).isBlank()) {
        return tail.get(i).strip();
      }
    }
    return "exit code " + exitCode;
  }
}
