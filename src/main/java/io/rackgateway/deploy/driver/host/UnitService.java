package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A gateway that a systemd unit runs from the folder {@code current}. */
final class UnitService implements Service {

  private static final String PROPERTIES =
      "--property=LoadState,ActiveState,SubState,MainPID,Result,ExecMainStatus,NRestarts,InvocationID";
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration READ = Duration.ofMinutes(30);
  private static final Duration START = Duration.ofMinutes(5);
  private static final int TAIL = 20;
  private static final int LINES = 2_000;

  /** What {@code systemctl show} says of the unit. */
  private record Shown(Map<String, String> values) {
    String get(String name) {
      return values.getOrDefault(name, "");
    }

    long pid() {
      String pid = get("MainPID");
      return pid.isEmpty() ? 0 : Long.parseLong(pid);
    }

    /** The identity of the unit's run since its last start; empty where systemd tells none. */
    String invocation() {
      return get("InvocationID");
    }

    boolean failed() {
      return get("ActiveState").equals("failed");
    }

    boolean restarting() {
      return get("SubState").equals("auto-restart");
    }

    /** {@code exit-code, status 1, restarted 3 times}. */
    String ending() {
      String restarts = get("NRestarts");
      return get("Result")
          + ", status "
          + get("ExecMainStatus")
          + (restarts.isEmpty() || restarts.equals("0")
              ? ""
              : ", restarted " + restarts + " times");
    }
  }

  private final String unit;
  private final Programs programs;
  private final Processes processes;
  private final Commands commands;
  private final Stopper stopper;

  UnitService(
      String unit, Programs programs, Releases releases, Commands commands, Stopper stopper) {
    this.unit = unit;
    this.programs = programs;
    this.processes = new Processes(releases);
    this.commands = commands;
    this.stopper = stopper;
  }

  @Override
  public String name() {
    return "unit " + unit;
  }

  @Override
  public String startCommand() {
    return "systemctl start " + unit;
  }

  @Override
  public String stopCommand() {
    return "systemctl stop " + unit;
  }

  @Override
  public List<Running> processes() {
    Shown shown = show();
    if (shown.pid() == 0 && !shown.failed() && !shown.restarting()) {
      return List.of();
    }
    Instance.State state =
        switch (shown.get("ActiveState")) {
          case "active", "reloading", "deactivating" -> Instance.State.RUNNING;
          case "activating" ->
              shown.restarting() ? Instance.State.RESTARTING : Instance.State.STARTING;
          default -> Instance.State.STOPPED;
        };
    String detail = shown.failed() || shown.restarting() ? shown.ending() : null;
    return List.of(
        new Running(
            shown.pid(),
            shown.pid() == 0 ? null : processes.releaseOf(shown.pid()),
            state,
            detail));
  }

  @Override
  public void stopOthers(Path release) {
    stopper.stop(
        () ->
            processes().stream()
                .filter(process -> process.alive() && !process.runs(release))
                .toList(),
        process -> mustSucceed(systemctl("stop", "--no-block", unit)),
        process -> mustSucceed(systemctl("kill", "--signal=SIGKILL", unit)));
  }

  @Override
  public void start(Path release) {
    // A unit that failed too often refuses to start until this; otherwise it does nothing.
    commands.run(systemctl("reset-failed", unit));
    CommandResult result = commands.run(systemctl("start", unit).withTimeout(START));
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "'" + startCommand() + "' failed: " + result.reason(),
              "see 'systemctl status " + unit + "'",
              journal("--unit", unit, "--lines=" + TAIL)));
    }
  }

  @Override
  public Optional<Problem> failure() {
    Shown shown = show();
    if (!shown.failed() && !shown.restarting()) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            "the unit "
                + unit
                + (shown.failed() ? " has failed: " : " keeps ending: ")
                + shown.ending(),
            "see 'journalctl -u " + unit + "'",
            journal("--unit", unit, "--lines=" + TAIL)));
  }

  @Override
  public List<String> logs(Instant since) {
    String from = "--since=@" + since.getEpochSecond();
    String last = "--lines=" + LINES;
    String invocation = show().invocation();
    // What the unit's run before this one logged is the old version's.
    return invocation.isEmpty()
        ? journal("--unit", unit, from, last)
        : journal(from, last, "_SYSTEMD_INVOCATION_ID=" + invocation);
  }

  @Override
  public void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    List<String> words = new ArrayList<>(List.of(programs.find("journalctl")));
    words.addAll(List.of("--output=short-unix", "--no-hostname", "--no-pager", "--quiet"));
    words.addAll(List.of("--unit", unit, "--since=@" + since.getEpochSecond()));
    if (until != null) {
      words.add("--until=@" + (until.getEpochSecond() + 1));
    }
    JournalLines lines = new JournalLines(since, until, reader);
    CommandResult result =
        commands.stream(Command.of(words).withTimeout(READ).asInterruptible(), lines::take);
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the log of the unit " + unit + " broke off: " + result.reason(),
              "see whether '" + result.command() + "' works by hand"));
    }
  }

  @Override
  public List<LogExcerpt> startLogs(int lines) {
    String invocation = show().invocation();
    String which = invocation.isEmpty() ? "--unit=" + unit : "_SYSTEMD_INVOCATION_ID=" + invocation;
    List<String> words =
        List.of(programs.find("journalctl"), "--output=cat", "--no-pager", "--quiet", which);
    List<String> first = new ArrayList<>();
    Cancellation enough = new Cancellation();
    commands.run(
        Command.of(words).withTimeout(QUICK),
        line -> {
          synchronized (first) {
            if (first.size() < lines) {
              first.add(line);
            } else {
              enough.request("enough was read");
            }
          }
        },
        enough);
    synchronized (first) {
      boolean all = enough.reason() == null;
      return List.of(
          new LogExcerpt(unit, first, all ? List.of() : journal("--lines=" + lines, which)));
    }
  }

  @Override
  public List<Exhibit> exhibits() {
    return List.of(
        new Exhibit("unit", "Unit " + unit, this::status),
        new Exhibit(
            "unit-events",
            "What systemd did with unit " + unit,
            () -> String.join("\n", events())));
  }

  private String status() {
    CommandResult result =
        commands.run(systemctl("status", "--no-pager", "--full", "--lines=0", unit));
    return String.join("\n", result.tail());
  }

  /** What systemd itself logged of the unit: starts, ends, exit codes. */
  private List<String> events() {
    List<String> words =
        List.of(
            programs.find("journalctl"),
            "--output=short-iso",
            "--no-pager",
            "--quiet",
            "--lines=200",
            "UNIT=" + unit);
    return commands.run(Command.of(words).withTimeout(QUICK)).output().lines().toList();
  }

  private Shown show() {
    CommandResult result = commands.run(systemctl("show", PROPERTIES, unit));
    if (!result.succeeded()) {
      throw new DeployException.Usage(
          "systemd could not be asked about the unit " + unit + ": " + result.reason(),
          "run this on the gateway's own machine, as a user who may use systemctl");
    }
    Map<String, String> values = new HashMap<>();
    result
        .output()
        .lines()
        .map(line -> line.split("=", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> values.put(parts[0], parts[1]));
    if ("not-found".equals(values.get("LoadState"))) {
      throw new DeployException.Usage(
          "systemd knows no unit " + unit,
          "correct deploy.host.unit, or install the unit and run 'systemctl daemon-reload'");
    }
    return new Shown(values);
  }

  private List<String> journal(String... options) {
    List<String> words = new ArrayList<>(List.of(programs.find("journalctl")));
    words.addAll(List.of("--output=cat", "--no-pager", "--quiet"));
    words.addAll(List.of(options));
    CommandResult result = commands.run(Command.of(words).withTimeout(QUICK));
    return result.succeeded() ? result.output().lines().toList() : List.of();
  }

  private Command systemctl(String... words) {
    List<String> all = new ArrayList<>(List.of(programs.find("systemctl"), "--no-ask-password"));
    all.addAll(List.of(words));
    return Command.of(all).withTimeout(QUICK);
  }

  private void mustSucceed(Command command) {
    CommandResult result = commands.run(command);
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "'" + result.command() + "' failed: " + result.reason(),
              "run this tool as a user who may stop and start " + unit,
              result.tail()));
    }
  }
}
