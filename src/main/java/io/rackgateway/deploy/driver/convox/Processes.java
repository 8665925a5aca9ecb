package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackLog;
import io.rackgateway.deploy.convox.RackProcess;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The copies of the gateway's service, and what they log. */
final class Processes {

  private static final Duration LOG_LIMIT = Duration.ofMinutes(10);
  private static final Duration TAIL_LIMIT = Duration.ofSeconds(10);
  private static final Duration TAIL_SINCE = Duration.ofMinutes(10);
  private static final int TAIL = 20;
  private static final Set<String> BROKEN = Set.of("crashed", "failed");

  private final Rack rack;
  private final String service;

  Processes(Rack rack, String service) {
    this.rack = rack;
    this.service = service;
  }

  /** Its copies, without processes that were started for a command. */
  List<RackProcess> copies() {
    return rack.processes(service).stream().filter(process -> !process.oneOff()).toList();
  }

  static Instance.State state(RackProcess process) {
    return switch (process.status()) {
      case "running" -> Instance.State.RUNNING;
      case "unhealthy" -> Instance.State.UNHEALTHY;
      case "crashed" -> Instance.State.RESTARTING;
      case "failed", "complete", "stopped" -> Instance.State.STOPPED;
      default -> Instance.State.STARTING;
    };
  }

  /** Why a release can no longer succeed, if it cannot; of any release where none is given. */
  Optional<Problem> trouble(List<RackProcess> processes, @Nullable String release) {
    return processes.stream()
        .filter(process -> release == null || process.release().equals(release))
        .filter(process -> BROKEN.contains(process.status()))
        .findFirst()
        .map(
            process ->
                new Problem(
                    "process "
                        + process.id()
                        + " of release "
                        + process.release()
                        + (process.status().equals("crashed")
                            ? " keeps ending and being started again"
                            : " failed"),
                    "find the reason in its last log lines, above",
                    tail(process.id())));
  }

  /** The last lines that a process logged; of all of them where none is given. */
  List<String> tail(@Nullable String process) {
    Deque<String> last = new ArrayDeque<>();
    try {
      read(
          TAIL_SINCE,
          TAIL_LIMIT,
          line -> {
            if (process == null || line.process().equals(process)) {
              last.addLast(line.text());
              if (last.size() > TAIL) {
                last.removeFirst();
              }
            }
          });
    } catch (DeployException e) {
      last.addLast("(its log cannot be read: " + e.problem().summary() + ")");
    }
    return new ArrayList<>(last);
  }

  /** Hands out the lines of a stretch of time. */
  void read(Instant since, @Nullable Instant until, Instant now, LogReader reader) {
    Duration ago = Duration.between(since, now);
    read(
        ago.isNegative() ? Duration.ZERO : ago.plusSeconds(1),
        LOG_LIMIT,
        line -> {
          Instant at = line.at();
          boolean inside =
              at == null || (!at.isBefore(since) && (until == null || !at.isAfter(until)));
          if (inside) {
            reader.line(line.process(), at, line.text());
          }
        });
  }

  private void read(Duration since, Duration limit, Consumer<RackLogLine> reader) {
    boolean whole;
    try (RackLog log =
        rack.logs(service, since, false, line -> reader.accept(RackLogLine.parse(line)))) {
      whole = log.await(limit);
    }
    if (!whole) {
      throw new DeployException.StepFailed(
          "the log of service " + service + " on " + rack.display() + " broke off",
          "see whether 'convox logs --service " + service + "' works by hand");
    }
  }
}
