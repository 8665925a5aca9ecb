package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunResult;
import java.time.Duration;

/** The end of a command: what happened in one sentence, then the few facts that matter. */
final class ResultView {

  private final Output output;
  private final Style style;

  ResultView(Output output, Style style) {
    this.output = output;
    this.style = style;
  }

  void print(RunResult result) {
    if (result.outcome() == ExitCode.DONE) {
      output.line(style.good("done: ") + Output.clean(result.message()));
    } else {
      String next = result.next();
      ProblemView.print(
          output, new Problem(result.message(), next == null ? "" : next, result.details()));
    }
    String run = result.run();
    if (run == null) {
      return;
    }
    Duration took = Duration.between(result.startedAt(), result.finishedAt());
    String running = result.running();
    fact("runs now", running == null ? "unknown; see 'status'" : running);
    Backup backup = result.backup();
    if (backup != null) {
      fact(
          "backup",
          backup.location()
              + " ("
              + Durations.bytes(backup.bytes())
              + ", "
              + backup.proof().label()
              + ")");
    }
    Restored restored = result.restore();
    if (restored != null) {
      Restored.Delta delta = restored.delta();
      if (delta != null) {
        fact("saved", delta.summary() + " written since the backup, in " + delta.location());
      }
      if (restored.oldDatabase() != null) {
        fact("kept", "database " + restored.oldDatabase() + "; 'restore --drop-old' removes it");
      }
    }
    Downtime downtime = result.downtime();
    if (downtime != null) {
      fact(
          "downtime",
          downtime.total().toMillis()
              + " ms, seen from outside ("
              + downtime.failed()
              + " of "
              + downtime.probes()
              + " probes failed, one each "
              + Durations.show(downtime.interval())
              + ")");
    }
    Bake bake = result.bake();
    if (bake != null) {
      fact("bake", bake.verdict().label() + ", " + bake.evidence());
    }
    String diagnostics = result.diagnostics();
    if (diagnostics != null) {
      fact("evidence", diagnostics);
    }
    fact("run", run + ", " + Durations.show(took));
  }

  private void fact(String name, String value) {
    output.line(style.dim(String.format("  %-9s", name)) + " " + Output.clean(value));
  }
}
