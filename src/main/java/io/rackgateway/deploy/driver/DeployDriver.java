package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives one platform. A driver reads the platform and hands out effects; it never decides whether
 * a run goes on. It keeps no state of its own between calls: whatever it needs it reads from the
 * platform or the plan, so that a process started after a crash can go on where another was killed.
 */
public interface DeployDriver {

  /** The platform's name in configuration and output: {@code compose}. */
  String platform();

  /**
   * Reads what is deployed now. Changes nothing.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Usage if the platform cannot be reached, or
   *     holds no such gateway
   */
  Observation observe();

  /**
   * Works out how the gateway gets from what was observed to the target. Changes nothing.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Usage if the manifest cannot be edited as
   *     needed
   */
  DriverPlan plan(Observation observation, Target target);

  /**
   * What the platform gives the gateway, as gates judge it. Changes nothing; what cannot be found
   * out is unknown in the answer.
   */
  Surroundings surroundings(Observation observation, Target target);

  /**
   * The migrations that the gateway's database holds, asked through the platform: for runners that
   * cannot reach the database themselves. Changes nothing, and never throws.
   */
  default SchemaState schema() {
    return SchemaState.unknown("the platform cannot be asked for it");
  }

  /**
   * The effects of one phase of a deployment, in order: {@link Phase#PREPARE}, {@link
   * Phase#MIGRATE}, {@link Phase#RESTORE}, {@link Phase#ROLLOUT} or {@link Phase#ROLLBACK}; none
   * for any other. Those of {@code RESTORE} stop every instance and change nothing else, so that
   * the database rests; {@code ROLLOUT} or {@code ROLLBACK} starts them again. Those of {@code
   * ROLLBACK} bring back exactly what the plan says ran before, from whatever state the others
   * left, and do nothing where nothing has changed.
   */
  List<Effect> effects(Phase phase, Deployment deployment);

  /**
   * The platform's identity of what a reference names now: the image id of an image reference, the
   * folder of a version. Empty when the platform does not have it yet.
   */
  Optional<String> resolve(String reference);

  /**
   * Why the deployment can no longer succeed, if it cannot: an instance that ended, or keeps
   * ending, with its last log lines. Cheap enough to ask several times a second.
   */
  Optional<Problem> failure();

  /**
   * The lines that the gateway's instances logged since the instant by this process's clock, oldest
   * first, the last 2,000 at most.
   */
  List<String> logs(Instant since);

  /**
   * Reads all that instances logged in a stretch of time, also those that have been replaced where
   * the platform still has their logs: each instance's lines oldest first, without keeping them,
   * one line at a time. Times are this process's: a driver reckons with a platform whose clock
   * differs.
   *
   * @param since when the stretch begins
   * @param until when it ends; null for now
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if the log breaks off; what was
   *     read until then has been handed out
   */
  default void readLogs(Instant since, @Nullable Instant until, LogReader reader) {
    logs(since).forEach(line -> reader.line("", null, line));
  }

  /**
   * Asks every running instance from within its own network, as the guide's {@code convox run
   * gateway -- curl localhost:8443/api/v1/health} does. Changes nothing, and never throws.
   *
   * @param path with what is asked for, beginning with a slash
   * @return one answer for each instance; none where this platform has no way to ask
   */
  default List<InsideAnswer> askInside(String path, Duration timeout) {
    return List.of();
  }

  /**
   * What of the platform helps to find out why a gateway does not work: its processes or
   * containers, also those that have ended, what happened to them, the names of their variables.
   * Changes nothing, and never throws; reading an exhibit may.
   *
   * @param since since when events are of interest
   * @param secrets is told the values that the platform gives the gateway and that nobody should
   *     see, as far as they are met while exhibits are read
   */
  default List<Exhibit> exhibits(Instant since, Consumer<String> secrets) {
    return List.of();
  }

  /**
   * The beginning and the end of what each instance logged since it was started, also of those that
   * have ended, without reading what is in between where the platform can do that.
   *
   * @param lines how many at each end
   * @throws io.rackgateway.deploy.model.DeployException if the logs cannot be read
   */
  default List<LogExcerpt> startLogs(int lines) {
    Excerpts excerpts = new Excerpts(lines);
    readLogs(Instant.EPOCH, null, (instance, at, text) -> excerpts.add(instance, text));
    return excerpts.all();
  }

  /** Where the address of the gateway's database is kept; empty where it cannot be changed. */
  default Optional<DatabaseAddress> databaseAddress() {
    return Optional.empty();
  }

  /** The mark that a run left on the platform, if one is there. */
  Optional<Mark> findMark();

  /**
   * Leaves the mark of a run on the platform, atomically. Placing the same run's mark again is no
   * error.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Locked if the mark of another run is there
   */
  void placeMark(Mark mark);

  /** Removes the mark of the run; does nothing when it is not there. */
  void clearMark(RunId run);
}
