package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackProcess;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Runs the migrations in a process of a release that is not promoted yet. Every process of such a
 * release is one that a run started, so that those of an attempt that was killed are found and
 * ended first.
 */
final class OneOff {

  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration GONE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int TAIL = 30;

  /** A second run of migrations does what the first left, and tells how it ended. */
  private static final int ATTEMPTS = 2;

  private final Rack rack;
  private final MigrateConfig migrate;
  private final Waits waits;
  private final Events events;

  OneOff(Rack rack, MigrateConfig migrate, Waits waits, Events events) {
    this.rack = rack;
    this.migrate = migrate;
    this.waits = waits;
    this.events = events;
  }

  /**
   * Runs the migrations to their end.
   *
   * @throws DeployException.StepFailed if they fail, or nobody knows how they ended
   */
  void migrate(String service, String release) {
    for (int attempt = 1; ; attempt++) {
      endAll(service, release);
      Deque<String> tail = new ArrayDeque<>();
      OptionalInt code = run(service, release, tail);
      if (code.isPresent() && code.getAsInt() == 0) {
        return;
      }
      if (code.isPresent()) {
        throw new DeployException.StepFailed(
            new Problem(
                "the migrations of release "
                    + release
                    + " failed with exit code "
                    + code.getAsInt()
                    + tail.stream().reduce((a, b) -> b).map(last -> ": " + last).orElse(""),
                "see the output above",
                new ArrayList<>(tail)));
      }
      if (attempt == ATTEMPTS) {
        throw new DeployException.StepFailed(
            new Problem(
                "the migrations of release "
                    + release
                    + " ended without an exit code "
                    + ATTEMPTS
                    + " times, so that it is not known whether they were applied",
                "compare the schema with 'status'; see why "
                    + rack.display()
                    + " closes the sockets of commands",
                new ArrayList<>(tail)));
      }
      events.emit(
          new Event.Notice(
              rack.display()
                  + " closed the socket of the migrations without an exit code: their outcome is"
                  + " not known; running them again, which does what is left to do"));
    }
  }

  private OptionalInt run(String service, String release, Deque<String> tail) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> variable : migrate.environment().entrySet()) {
      variables.put(variable.getKey(), variable.getValue().value());
    }
    String process = rack.start(service, release, migrate.timeout().plus(START), variables);
    try {
      awaitRunning(service, process);
      return rack.exec(
          process,
          words(migrate.command()),
          migrate.timeout(),
          line -> {
            tail.addLast(line);
            if (tail.size() > TAIL) {
              tail.removeFirst();
            }
            events.emit(new Event.Output("migrate", line));
          });
    } finally {
      end(process);
    }
  }

  private void end(String process) {
    try {
      rack.stop(process);
    } catch (DeployException e) {
      events.emit(
          new Event.Notice(
              "process "
                  + process
                  + " could not be ended ("
                  + e.problem().summary()
                  + "); it ends by itself"));
    }
  }

  private void awaitRunning(String service, String id) {
    boolean running =
        waits.untilTrue(
            "process " + id + " to run",
            START,
            POLL,
            new Waits.Wakeup(),
            () -> {
              Optional<RackProcess> found =
                  rack.processes(service).stream().filter(p -> p.id().equals(id)).findFirst();
              if (found.isPresent() && (found.get().ended() || broken(found.get()))) {
                throw new DeployException.StepFailed(
                    "process "
                        + id
                        + ", in which migrations were to run, is "
                        + found.get().status(),
                    "see 'convox ps info " + id + "' and the rack's logs");
              }
              return found.filter(RackProcess::running).isPresent();
            });
    if (!running) {
      throw new DeployException.StepFailed(
          "process "
              + id
              + ", in which migrations were to run, did not start within "
              + START.toMinutes()
              + " min",
          "see whether the rack has room for another process, and whether it can pull the image");
    }
  }

  private static boolean broken(RackProcess process) {
    return process.status().equals("crashed");
  }

  /** Ends what is left of an attempt that was killed, and waits until it is gone. */
  void endAll(String service, String release) {
    List<RackProcess> left = left(service, release);
    if (left.isEmpty()) {
      return;
    }
    left.forEach(process -> end(process.id()));
    boolean gone =
        waits.untilTrue(
            "processes of an earlier attempt to end",
            GONE,
            POLL,
            new Waits.Wakeup(),
            () -> left(service, release).isEmpty());
    if (!gone) {
      throw new DeployException.StepFailed(
          "process "
              + left.get(0).id()
              + " of an earlier attempt is still there, and may be migrating",
          "end it with 'convox ps stop " + left.get(0).id() + "', then run 'resume'");
    }
  }

  private List<RackProcess> left(String service, String release) {
    return rack.processes(service).stream()
        .filter(process -> process.oneOff() && process.release().equals(release))
        .filter(process -> !process.ended())
        .toList();
  }

  /** As a shell would have to be told the words. */
  static String words(List<String> command) {
    return command.stream()
        .map(word -> word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : quoted(word))
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
