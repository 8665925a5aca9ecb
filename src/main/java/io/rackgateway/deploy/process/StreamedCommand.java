package io.rackgateway.deploy.process;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A child process whose output is handed on and not kept. */
final class StreamedCommand {

  private final Command command;
  private final Process process;
  private final Cancellation cancellation;
  private final Tail tail = new Tail();
  private final AtomicBoolean late = new AtomicBoolean();

  /**
   * @param process started, with both outputs as one
   */
  StreamedCommand(Command command, Process process, Cancellation cancellation) {
    this.command = command;
    this.process = process;
    this.cancellation = cancellation;
  }

  /** Reads to the end, on the caller's thread; leaves no process behind, whatever happens. */
  CommandResult run(Consumer<String> lines, long start) {
    Cancellation.Registration registration =
        cancellation.onRequest(
            () -> {
              if (command.interruptible()) {
                SystemCommands.end(process);
              }
            });
    Thread limit = limit();
    try {
      Lines.read(
          process.getInputStream(),
          line -> {
            tail.add(line);
            lines.accept(line);
          });
      int exitCode = process.waitFor();
      throwIfEnded();
      return new CommandResult(command.display(), exitCode, "", tail.lines(), Waits.since(start));
    } catch (IOException e) {
      throwIfEnded();
      throw new DeployException.StepFailed(
          Problem.of(
              "the output of '" + command.display() + "' broke off: " + IoFailure.describe(e),
              "run the same command again"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command.display(), e);
    } finally {
      limit.interrupt();
      registration.close();
      if (process.isAlive()) {
        SystemCommands.end(process);
      }
    }
  }

  private void throwIfEnded() {
    if (late.get()) {
      throw SystemCommands.tooLate(command, tail.lines());
    }
    if (command.interruptible()) {
      cancellation.throwIfPending();
    }
  }

  /** Ends the command when it runs for too long. */
  private Thread limit() {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                  late.set(true);
                  SystemCommands.end(process);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "command-limit");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
