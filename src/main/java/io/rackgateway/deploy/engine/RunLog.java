package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.RunResult.PhaseTiming;
import io.rackgateway.deploy.model.Version;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers what a run finds out on its way, and makes its result of it. */
final class RunLog {

  private final RunId run;
  private final String command;
  private final Plan plan;
  private final Clock clock;
  private final Instant startedAt;
  private final Supplier<List<PhaseTiming>> timings;
  private List<Check> checks = new ArrayList<>();
  private @Nullable Backup backup;
  private @Nullable Restored restored;
  private @Nullable Version running;
  private @Nullable Downtime downtime;
  private @Nullable Bake bake;
  private @Nullable String diagnostics;

  RunLog(
      RunId run,
      String command,
      Plan plan,
      Clock clock,
      Instant startedAt,
      Supplier<List<PhaseTiming>> timings) {
    this.run = run;
    this.command = command;
    this.plan = plan;
    this.clock = clock;
    this.startedAt = startedAt;
    this.timings = timings;
    this.running = plan.from();
  }

  void backup(Backup taken) {
    backup = taken;
  }

  void restored(Restored found) {
    restored = found;
  }

  void checks(List<Check> found) {
    checks = found;
  }

  void running(@Nullable Version version) {
    running = version;
  }

  /** Where the evidence of a failure was gathered. */
  void diagnostics(@Nullable String folder) {
    diagnostics = folder;
  }

  @Nullable String diagnostics() {
    return diagnostics;
  }

  void downtime(@Nullable Downtime measured) {
    downtime = measured;
  }

  void bake(Bake watched) {
    bake = watched;
  }

  @Nullable Restored restored() {
    return restored;
  }

  @Nullable Backup backup() {
    return backup;
  }

  RunResult result(ExitCode outcome, Problem problem, boolean rolledBack) {
    Version runningNow = running;
    return new RunResult(
        outcome,
        run.value(),
        command,
        plan.gateway(),
        plan.from().tag(),
        plan.to().tag(),
        runningNow == null ? null : runningNow.tag(),
        problem.summary(),
        problem.next().isEmpty() ? null : problem.next(),
        problem.details(),
        rolledBack,
        backup,
        restored,
        downtime,
        bake,
        plan.gates(),
        checks,
        timings.get(),
        plan.hash(),
        startedAt,
        clock.instant(),
        diagnostics);
  }
}
