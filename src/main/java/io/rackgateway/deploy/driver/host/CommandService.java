package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A gateway that commands of the user's start and stop, and that writes its own process id. */
final class CommandService implements Service {

  private static final int TAIL = 20;

  /**
   * The output goes to a file, as the gateway inherits it and would hold a pipe open for ever. It
   * must also not inherit what marks the children of a run, or of a CI job that kills what its jobs
   * leave behind.
   */
  private static final String DETACHED =
      "( unset "
          + Commands.MARK
          + " BUILD_ID HUDSON_COOKIE JENKINS_NODE_COOKIE; exec \"$@\" ) >>\"$0\" 2>&1 </dev/null";

  private final List<String> startCommand;
  private final List<String> stopCommand;
  private final Path pidFile;
  private final @Nullable Path log;
  private final Releases releases;
  private final Processes processes;
  private final Commands commands;
  private final Stopper stopper;
  private final StartOffset startOffset;

  CommandService(
      List<String> startCommand,
      List<String> stopCommand,
      Path pidFile,
      @Nullable Path log,
      Releases releases,
      Commands commands,
      Stopper stopper) {
    this.startCommand = startCommand;
    this.stopCommand = stopCommand;
    this.pidFile = pidFile;
    this.log = log;
    this.releases = releases;
    this.processes = new Processes(releases);
    this.commands = commands;
    this.stopper = stopper;
    this.startOffset = new StartOffset(releases.directory());
  }

  @Override
  public String name() {
    return "process of " + pidFile;
  }

  @Override
  public String startCommand() {
    return Command.of(startCommand).display();
  }

  @Override
  public String stopCommand() {
    return Command.of(stopCommand).display();
  }

  @Override
  public List<Running> processes() {
    Optional<Long> pid = pid();
    if (pid.isEmpty()) {
      return List.of();
    }
    if (!Processes.alive(pid.get())) {
      return List.of(
          new Running(
              pid.get(),
              null,
              Instance.State.STOPPED,
              "process " + pid.get() + " of " + pidFile + " is not there"));
    }
    return List.of(
        new Running(pid.get(), processes.releaseOf(pid.get()), Instance.State.RUNNING, null));
  }

  private Optional<Long> pid() {
    try {
      return Optional.of(Long.parseLong(Files.readString(pidFile).strip()));
    } catch (IOException | NumberFormatException e) {
      // None yet, or half-written by a gateway that is just starting.
      return Optional.empty();
    }
  }

  @Override
  public void stopOthers(Path release) {
    stopper.stop(
        () ->
            processes().stream()
                .filter(process -> process.alive() && !process.runs(release))
                .toList(),
        process -> detached(stopCommand, releases.current()),
        Stopper::kill);
    // A process id that is no longer true would be taken for a start that failed.
    if (pid().filter(pid -> !Processes.alive(pid)).isPresent()) {
      PidFile.delete(pidFile);
    }
  }

  @Override
  public void start(Path release) {
    startOffset.write(LogFile.length(logFile()));
    detached(startCommand, release);
  }

  @Override
  public Optional<Problem> failure() {
    return processes().stream()
        .filter(process -> !process.alive())
        .findFirst()
        .map(
            process ->
                new Problem(
                    "the gateway does not run: " + process.detail(),
                    "see its log" + (log == null ? "" : " " + log),
                    LogFile.tail(logFile(), startOffset.read(), TAIL)));
  }

  @Override
  public List<String> logs(Instant since) {
    return LogFile.since(logFile(), startOffset.read(), Instant.EPOCH, since);
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    Path file = logFile();
    long offset = startOffset.read();
    // A file shorter than it was has been rotated: all of it is new.
    long start = offset > LogFile.length(file) ? 0 : offset;
    Optional<Long> pid = pid();
    Instant begin = pid.flatMap(Processes::startOf).orElse(Instant.EPOCH);
    new LogPart(file, 0, start, "before the last start", Instant.EPOCH).read(since, until, reader);
    new LogPart(file, start, Long.MAX_VALUE, pid.map(Service::instance).orElse(""), begin)
        .read(since, until, reader);
  }

  @Override
  public List<LogExcerpt> startLogs(int lines) {
    List<LogExcerpt> excerpts = new ArrayList<>();
    excerpts.add(LogFile.excerpt(logFile(), startOffset.read(), lines));
    if (!logFile().equals(output())) {
      excerpts.add(LogFile.excerpt(output(), 0, lines));
    }
    return excerpts;
  }

  private Path logFile() {
    return log == null ? output() : log;
  }

  private void detached(List<String> words, Path release) {
    Path output = output();
    try {
      Files.createDirectories(output.getParent());
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the folder " + output.getParent() + " could not be made: " + IoFailure.describe(e),
              "check that this user may write there"),
          e);
    }
    long offset = LogFile.length(output);
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", DETACHED, output.toString()));
    all.addAll(words);
    CommandResult result = commands.run(Command.of(all).in(release));
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "'" + Command.of(words).display() + "' failed with exit code " + result.exitCode(),
              "see its last lines, and " + output,
              LogFile.tail(output, offset, TAIL)));
    }
  }

  private Path output() {
    return releases.directory().resolve("logs").resolve("commands.log");
  }
}
