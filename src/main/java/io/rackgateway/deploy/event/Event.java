package io.rackgateway.deploy.event;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.RunResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run. The set is closed; {@code docs/events.md} describes the JSON
 * form of each.
 */
public sealed interface Event {

  /** A run began, or was taken up again. */
  record RunStarted(
      String command,
      String gateway,
      String platform,
      @Nullable String from,
      @Nullable String to,
      @Nullable String planHash,
      boolean resumed)
      implements Event {}

  record PhaseStarted(Phase phase) implements Event {}

  /** A phase ended; the problem is null when it ended well. */
  record PhaseFinished(Phase phase, Duration duration, @Nullable String problem) implements Event {}

  /** An effect is about to begin; its intent is in the journal. */
  record EffectStarted(Phase phase, String name, String description) implements Event {}

  /** An effect ended; the problem is null when it ended well. */
  record EffectFinished(Phase phase, String name, Duration duration, @Nullable String problem)
      implements Event {}

  /** Something is waited for; repeated about each second while it is. */
  record Waiting(String what, Instant since, Duration limit) implements Event {}

  record GateEvaluated(Gate gate) implements Event {}

  record CheckFinished(Check check) implements Event {}

  /** A line that a command or a container printed. */
  record Output(String source, String line) implements Event {}

  /** Something a person should know that is not a failure. */
  record Notice(String text) implements Event {}

  record BackupTaken(Backup backup) implements Event {}

  /** A backup was proven further; the evidence is one sentence. */
  record BackupProven(Backup backup, String evidence) implements Event {}

  /** A release's migrations ran on a restored copy, well or not. */
  record Rehearsed(Rehearsal rehearsal) implements Event {}

  /** The gateway stopped answering from outside. */
  record GatewayDown(String reason) implements Event {}

  /** The gateway answers again. */
  record GatewayUp(Duration after) implements Event {}

  /**
   * How the new version does while it is watched; told about each ten seconds.
   *
   * @param elapsed how long it has been watched, since the rollout was verified
   * @param left how long it will be watched further
   * @param requests how many requests its log tells of
   * @param serverErrors how many of them were answered with a status of 500 or more
   * @param p99 what 99 of 100 of them were answered within; null where no latency is known
   * @param probes how many health probes were sent
   * @param failures how many of them failed
   */
  record BakeProgress(
      Duration elapsed,
      Duration left,
      long requests,
      long serverErrors,
      @Nullable Duration p99,
      int probes,
      int failures)
      implements Event {}

  /** The run ended, in whatever way. */
  record RunFinished(RunResult result) implements Event {}
}
