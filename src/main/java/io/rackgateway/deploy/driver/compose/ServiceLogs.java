package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all containers of the gateway's service logged, one after another: those that run, those
 * that have ended, and those that ran one command, as long as Docker has them.
 */
final class ServiceLogs {

  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final Docker docker;
  private final Commands commands;
  private final GatewayService gateway;
  private final EngineClock engine;

  ServiceLogs(Docker docker, Commands commands, GatewayService gateway, EngineClock engine) {
    this.docker = docker;
    this.commands = commands;
    this.gateway = gateway;
    this.engine = engine;
  }

  /** Reads the logs of a stretch of time by this machine's clock. */
  void read(Instant since, @Nullable Instant until, LogReader reader) {
    Duration ahead = engine.ahead();
    Map<String, String> names = docker.namesOfAll(gateway.project(), gateway.service());
    for (Map.Entry<String, String> container : names.entrySet()) {
      List<String> words = new ArrayList<>(List.of("logs", "--timestamps"));
      words.addAll(List.of("--since", since.plus(ahead).toString()));
      if (until != null) {
        words.addAll(List.of("--until", until.plus(ahead).toString()));
      }
      words.add(container.getKey());
      Command command =
          Docker.command(words.toArray(String[]::new)).withTimeout(LIMIT).asInterruptible();
      read(command, container.getValue(), ahead, reader);
    }
  }

  private void read(Command command, String name, Duration ahead, LogReader reader) {
    LogTime times = new LogTime();
    List<String> complaint = new ArrayList<>();
    CommandResult result =
        commands.stream(
            command,
            line -> {
              int space = line.indexOf(' ');
              int end = space < 0 ? line.length() : space;
              Instant at = times.read(line, end);
              if (at == null) {
                // What has no time is Docker's own.
                complaint.clear();
                complaint.add(line);
              } else {
                reader.line(name, at.minus(ahead), space < 0 ? "" : line.substring(space + 1));
              }
            });
    if (!result.succeeded() && !gone(complaint)) {
      String reason = complaint.isEmpty() ? "exit code " + result.exitCode() : complaint.get(0);
      throw new DeployException.StepFailed(
          Problem.of(
              "the log of container " + name + " broke off: " + reason,
              "see whether '" + command.display() + "' works by hand"));
    }
  }

  /** A container may have been removed since the containers were listed. */
  private static boolean gone(List<String> complaint) {
    return complaint.stream()
        .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("no such container"));
  }
}
