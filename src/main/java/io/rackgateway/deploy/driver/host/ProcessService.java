package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that this tool itself starts, as a process in a session of its own. Its environment
 * carries the gateway's folder, so that it is found even when this tool was killed before it could
 * note the process id.
 */
final class ProcessService implements Service {

  /** The environment variable that marks the gateway's processes, and whose they are. */
  static final String MARK = "RACK_GATEWAY_HOST_DIRECTORY";

  private static final int TAIL = 20;

  private final HostConfig config;
  private final List<String> command;
  private final Releases releases;
  private final Processes processes;
  private final Commands commands;
  private final Stopper stopper;
  private final PidFile pidFile;

  ProcessService(
      HostConfig config,
      List<String> command,
      Releases releases,
      Commands commands,
      Stopper stopper) {
    this.config = config;
    this.command = command;
    this.releases = releases;
    this.processes = new Processes(releases);
    this.commands = commands;
    this.stopper = stopper;
    this.pidFile = new PidFile(run().resolve("gateway.pid"));
  }

  @Override
  public String name() {
    return "process " + startCommand();
  }

  @Override
  public String startCommand() {
    return Command.of(command).display();
  }

  @Override
  public String stopCommand() {
    return Stopper.describe(config.stopTimeout());
  }

  @Override
  public List<Running> processes() {
    Optional<PidFile.Entry> noted = pidFile.read();
    Set<Long> pids = new LinkedHashSet<>(Processes.carrying(MARK + "=" + directory()));
    noted.filter(PidFile.Entry::alive).ifPresent(entry -> pids.add(entry.pid()));
    if (pids.isEmpty()) {
      return noted
          .map(
              entry ->
                  List.of(
                      new Running(
                          entry.pid(),
                          entry.release(),
                          Instance.State.STOPPED,
                          "process " + entry.pid() + " has ended")))
          .orElse(List.of());
    }
    return pids.stream().map(pid -> running(pid, noted)).toList();
  }

  private Running running(long pid, Optional<PidFile.Entry> noted) {
    Path release = processes.releaseOf(pid);
    if (release == null && noted.isPresent() && noted.get().pid() == pid) {
      release = noted.get().release();
    }
    return new Running(pid, release, Instance.State.RUNNING, null);
  }

  @Override
  public void stopOthers(Path release) {
    stopper.stop(
        () ->
            processes().stream()
                .filter(process -> process.alive() && !process.runs(release))
                .toList(),
        Stopper::terminate,
        Stopper::kill);
    if (pidFile.read().filter(entry -> !entry.alive()).isPresent()) {
      pidFile.delete();
    }
  }

  @Override
  public void start(Path release) {
    Path log = logOf(release);
    try {
      Files.createDirectories(run());
      Files.createDirectories(log.getParent());
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the folders run and logs could not be made in "
                  + directory()
                  + ": "
                  + IoFailure.describe(e),
              "check that this user may write there"),
          e);
    }
    Map<String, String> environment = new LinkedHashMap<>();
    Path file = config.environmentFile();
    if (file != null) {
      environment.putAll(EnvironmentFile.read(file));
    }
    environment.put(MARK, directory().toString());
    long offset = LogFile.length(log);
    long pid = commands.launch(Command.of(command).in(release).withEnvironment(environment), log);
    note(pid, release, offset);
  }

  @Override
  public void adopt(Running process) {
    Path release = process.release();
    boolean noted = pidFile.read().filter(entry -> entry.pid() == process.pid()).isPresent();
    if (!noted && release != null) {
      note(process.pid(), release, 0);
    }
  }

  private void note(long pid, Path release, long offset) {
    pidFile.write(
        new PidFile.Entry(
            pid, Processes.startOf(pid).orElse(null), release, logOf(release), offset));
  }

  @Override
  public Optional<Problem> failure() {
    return pidFile
        .read()
        .filter(entry -> !entry.alive())
        .filter(entry -> processes().stream().noneMatch(Running::alive))
        .map(
            entry ->
                new Problem(
                    "the gateway's process " + entry.pid() + " has ended",
                    "see its last lines in " + entry.log(),
                    LogFile.tail(entry.log(), entry.offset(), TAIL)));
  }

  @Override
  public List<String> logs(Instant since) {
    Optional<PidFile.Entry> noted = pidFile.read();
    if (noted.isEmpty()) {
      return LogFile.since(logOf(releases.current()), 0, Instant.EPOCH, since);
    }
    PidFile.Entry entry = noted.get();
    Instant started = entry.started();
    return LogFile.since(
        entry.log(), entry.offset(), started == null ? Instant.EPOCH : started, since);
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    PidFile.Entry noted = pidFile.read().orElse(null);
    for (Path file : logFiles()) {
      if (noted == null || !file.equals(noted.log())) {
        String version = file.getFileName().toString().replaceFirst("\\.log$", "");
        String name = noted == null ? "" : "an earlier process of " + version;
        new LogPart(file, 0, Long.MAX_VALUE, name, Instant.EPOCH).read(since, until, reader);
        continue;
      }
      long start = noted.offset() > LogFile.length(file) ? 0 : noted.offset();
      Instant started = noted.started();
      new LogPart(file, 0, start, "an earlier process", Instant.EPOCH).read(since, until, reader);
      new LogPart(
              file,
              start,
              Long.MAX_VALUE,
              Service.instance(noted.pid()),
              started == null ? Instant.EPOCH : started)
          .read(since, until, reader);
    }
  }

  private List<Path> logFiles() {
    try (Stream<Path> files = Files.list(releases.directory().resolve("logs"))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      // Nothing was logged yet.
      return List.of();
    }
  }

  @Override
  public List<LogExcerpt> startLogs(int lines) {
    Optional<PidFile.Entry> noted = pidFile.read();
    return List.of(
        noted.isPresent() && !noted.get().log().toString().isEmpty()
            ? LogFile.excerpt(noted.get().log(), noted.get().offset(), lines)
            : LogFile.excerpt(logOf(releases.current()), 0, lines));
  }

  private Path directory() {
    return Releases.real(releases.directory());
  }

  private Path run() {
    return releases.directory().resolve("run");
  }

  private Path logOf(Path release) {
    return releases.directory().resolve("logs").resolve(Releases.label(release) + ".log");
  }
}
