package io.rackgateway.deploy.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended: what {@code --json} prints and the journal keeps. {@code docs/result.md}
 * describes the JSON form.
 *
 * @param outcome how it ended; its exit code is the process's
 * @param run the run's identity, null when it never began
 * @param from the version before, null when unknown
 * @param to the version asked for, null when none was
 * @param running the version that runs now, null when unknown
 * @param message one sentence on what happened
 * @param next what to do now; null when nothing is to be done
 * @param details lines that explain a failure
 * @param rolledBack whether a rollback was needed and succeeded
 * @param backup the backup that was taken; null when none was
 * @param restore what became of the database; null when none was restored
 * @param downtime what the probe measured; null when it could not
 * @param bake how the new version did while it was watched; null when it was not
 * @param phases the phases it went through, with durations
 * @param diagnostics the folder of the evidence that was gathered when it failed; null when none
 *     was
 */
public record RunResult(
    ExitCode outcome,
    @Nullable String run,
    String command,
    String gateway,
    @Nullable String from,
    @Nullable String to,
    @Nullable String running,
    String message,
    @Nullable String next,
    List<String> details,
    boolean rolledBack,
    @Nullable Backup backup,
    @Nullable Restored restore,
    @Nullable Downtime downtime,
    @Nullable Bake bake,
    List<Gate> gates,
    List<Check> checks,
    List<PhaseTiming> phases,
    @Nullable String planHash,
    Instant startedAt,
    Instant finishedAt,
    @Nullable String diagnostics) {

  /** The version of the JSON form; it grows when a reader of the old form would be misled. */
  public static final int SCHEMA = 1;

  public RunResult {
    details = List.copyOf(details);
    gates = List.copyOf(gates);
    checks = List.copyOf(checks);
    phases = List.copyOf(phases);
  }

  /** The result of a command that ended without a run, well or not. */
  public static RunResult withoutRun(
      ExitCode outcome, String command, String gateway, Problem what, Instant when) {
    return new RunResult(
        outcome,
        null,
        command,
        gateway,
        null,
        null,
        null,
        what.summary(),
        what.next().isEmpty() ? null : what.next(),
        what.details(),
        false,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        when,
        when,
        null);
  }

  /** One phase the run went through. */
  public record PhaseTiming(Phase phase, Duration duration, boolean succeeded) {}
}
