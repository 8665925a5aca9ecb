package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.LogExcerpt;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What runs the gateway from a release's folder. Each call reads the machine anew. */
interface Service {

  /** What runs the gateway, for people: {@code unit rack-gateway.service}. */
  String name();

  /** The command that starts the gateway, as a person would type it. */
  String startCommand();

  /** What stops the gateway, as a person would do it. */
  String stopCommand();

  /** The gateway's processes, and one that has ended where that is known. */
  List<Running> processes();

  /**
   * Ends every process of the gateway that does not run the release. Does nothing when there is
   * none.
   */
  void stopOthers(Path release);

  /** Starts the gateway. Only called when no process of it is alive. */
  void start(Path release);

  /** Notes that a living process is the gateway's, where that was not noted yet. */
  default void adopt(Running process) {}

  /** Why the gateway does not run though it was started, if so; with its last log lines. */
  Optional<Problem> failure();

  /**
   * Reads all that was logged in a stretch of time, also by processes before the one that runs now.
   * What that one logged is told as of {@link #instance}, the rest as of another name.
   *
   * @param until null for now
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if a log cannot be read
   */
  void readLogs(Instant since, @Nullable Instant until, LogReader reader);

  /** The name of the instance that a process is. */
  static String instance(long pid) {
    return "process " + pid;
  }

  /** Log lines since the instant, oldest first, the last 2,000 at most. */
  List<String> logs(Instant since);

  /** The first and the last lines that were logged since the last start. */
  List<LogExcerpt> startLogs(int lines);

  /** What else there is to see of it. */
  default List<Exhibit> exhibits() {
    return List.of();
  }
}
