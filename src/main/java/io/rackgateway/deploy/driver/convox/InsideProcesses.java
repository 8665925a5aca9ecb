package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackProcess;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.InsideRequest;
import io.rackgateway.deploy.model.DeployException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks each copy from within, as {@code convox run gateway -- curl …} does in a copy of its own.
 */
final class InsideProcesses {

  private static final Duration START = Duration.ofSeconds(15);

  private final Rack rack;
  private final Processes processes;

  InsideProcesses(Rack rack, Processes processes) {
    this.rack = rack;
    this.processes = processes;
  }

  List<InsideAnswer> ask(String path, Duration timeout) {
    List<InsideAnswer> answers = new ArrayList<>();
    try {
      for (RackProcess process : processes.copies()) {
        if (process.running()) {
          ask(process.id(), path, timeout).ifPresent(answers::add);
        }
      }
    } catch (DeployException e) {
      // The rack cannot be asked just now: nothing more is known from inside.
      return answers;
    }
    return answers;
  }

  /** A rack that does not run the command, or does not tell how it ended, says nothing of it. */
  private Optional<InsideAnswer> ask(String process, String path, Duration timeout) {
    List<String> lines = new ArrayList<>();
    OptionalInt code;
    try {
      code =
          rack.exec(
              process,
              OneOff.words(InsideRequest.command(path, timeout)),
              timeout.plus(START),
              lines::add);
    } catch (DeployException e) {
      return Optional.empty();
    }
    return code.isEmpty()
        ? Optional.empty()
        : InsideRequest.read(process, code.getAsInt(), String.join("\n", lines), lines);
  }
}
