package io.rackgateway.deploy.process;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Children of a run whose own process was killed: they live on and may still be changing things.
 * Linux shows them by the mark in their environment; elsewhere none are found.
 */
public final class OrphanedCommands {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Waits waits;

  public OrphanedCommands(Waits waits) {
    this.waits = waits;
  }

  /**
   * Waits until no child of the run is left.
   *
   * @throws DeployException.StepFailed if one is still at work after the limit
   */
  public void await(RunId run, Duration limit) {
    boolean gone =
        waits.untilTrue(
            "commands of the interrupted run to end",
            limit,
            POLL,
            new Waits.Wakeup(),
            () -> find(run).isEmpty());
    if (!gone) {
      throw new DeployException.StepFailed(
          "a command of the interrupted run is still at work: process " + find(run).get(0).pid(),
          "end that process, then run 'resume " + run + "' again");
    }
  }

  private static List<ProcessHandle> find(RunId run) {
    String mark = Commands.MARK + "=" + run.value();
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != self && carries(process.pid(), mark))
        .toList();
  }

  private static boolean carries(long pid, String mark) {
    Path environment = Path.of("/proc", Long.toString(pid), "environ");
    try {
      String text = new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1);
      return ("\0" + text).contains("\0" + mark + "\0");
    } catch (IOException e) {
      // Ended meanwhile, another user's, or no /proc on this system: not one of ours.
      return false;
    }
  }
}
