package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Tells a run's progress as lines that stay: one when a phase ends, one for each gate, check,
 * notice and outage. On a terminal a {@link LiveLine} below them shows what is going on right now.
 */
final class Progress implements Consumer<EventRecord> {

  /** How much to tell. */
  enum Detail {
    QUIET,
    NORMAL,
    VERBOSE
  }

  private static final int KEPT_LINES = 8;

  private final Output output;
  private final Style style;
  private final Detail detail;
  private final LiveLine live;
  private final Deque<String> recent = new ArrayDeque<>();

  Progress(Output output, Style style, Detail detail, LiveLine live) {
    this.output = output;
    this.style = style;
    this.detail = detail;
    this.live = live;
  }

  @Override
  public void accept(EventRecord record) {
    if (detail == Detail.QUIET) {
      return;
    }
    Event event = record.event();
    if (event instanceof Event.RunStarted started) {
      runStarted(started, String.valueOf(record.run()));
    } else if (event instanceof Event.PhaseStarted started) {
      recent.clear();
      live.show(started.phase().label(), "");
    } else if (event instanceof Event.EffectStarted started) {
      live.show(started.phase().label(), started.description());
      verbose("  · " + started.description());
    } else if (event instanceof Event.EffectFinished finished) {
      effectFinished(finished);
    } else if (event instanceof Event.PhaseFinished finished) {
      phaseFinished(finished);
    } else if (event instanceof Event.Waiting waiting) {
      live.waiting("waiting for " + waiting.what(), waiting.since(), waiting.limit());
    } else if (event instanceof Event.Output line) {
      outputLine(line);
    } else if (event instanceof Event.GateEvaluated evaluated) {
      gate(evaluated.gate());
    } else if (event instanceof Event.CheckFinished finished) {
      String evidence = finished.check().name() + ": " + finished.check().evidence();
      print("  " + mark(finished.check().verdict()) + " " + Output.clean(evidence));
    } else if (event instanceof Event.Notice notice) {
      print("  " + style.warning("note") + " " + Output.clean(notice.text()));
    } else if (event instanceof Event.BackupProven proven) {
      print("  " + style.good("✓") + " backup " + Output.clean(proven.evidence()));
    } else if (event instanceof Event.Rehearsed rehearsed) {
      new RehearsalView(style, this::print).progress(rehearsed.rehearsal());
    } else if (event instanceof Event.GatewayDown down) {
      live.availability("down");
      print("  " + style.warning("down") + " " + Output.clean(down.reason()));
    } else if (event instanceof Event.GatewayUp up) {
      live.availability("up");
      print("  " + style.good("up") + "   after " + Durations.show(up.after()));
    } else if (event instanceof Event.BakeProgress bake) {
      live.show(Phase.BAKE.label(), standing(bake));
      verbose("  · " + standing(bake));
    } else if (event instanceof Event.RunFinished) {
      live.clear();
    }
  }

  private void runStarted(Event.RunStarted started, String run) {
    String versions = started.to() == null ? "" : " " + started.from() + " → " + started.to();
    print(
        style.bold(started.command() + " of '" + started.gateway() + "'" + versions)
            + style.dim(" · run " + run + (started.resumed() ? " (taken up again)" : "")));
  }

  private static String standing(Event.BakeProgress bake) {
    Duration p99 = bake.p99();
    return Durations.show(bake.left())
        + " left, "
        + bake.requests()
        + " requests, "
        + bake.serverErrors()
        + " server errors"
        + (p99 == null ? "" : ", p99 " + Durations.show(p99))
        + ", "
        + bake.failures()
        + " of "
        + bake.probes()
        + " probes failed";
  }

  private void effectFinished(Event.EffectFinished finished) {
    if (finished.problem() == null) {
      verbose("    done in " + Durations.show(finished.duration()));
    }
  }

  private void phaseFinished(Event.PhaseFinished finished) {
    String name = String.format("%-15s", finished.phase().label());
    String time = style.dim(Durations.show(finished.duration()));
    String problem = finished.problem();
    if (problem == null) {
      print(style.good("✓") + " " + name + " " + time);
      return;
    }
    // The failed checks stand above already.
    boolean told = finished.phase() == Phase.VERIFY || finished.phase() == Phase.VERIFY_ROLLBACK;
    print(style.bad("✗") + " " + name + " " + time + (told ? "" : "  " + Output.clean(problem)));
    if (detail == Detail.NORMAL) {
      recent.forEach(line -> print("    " + style.dim(line)));
    }
    recent.clear();
  }

  private void outputLine(Event.Output line) {
    String text = Output.clean(line.source() + " | " + line.line());
    if (detail == Detail.VERBOSE) {
      print("    " + style.dim(text));
      return;
    }
    recent.addLast(text);
    if (recent.size() > KEPT_LINES) {
      recent.removeFirst();
    }
  }

  private void gate(Gate gate) {
    if (gate.result() == Gate.Result.PASS) {
      verbose("  " + style.good("pass") + " " + gate.name() + ": " + Output.clean(gate.evidence()));
      return;
    }
    String told = " " + gate.name() + ": " + Output.clean(gate.evidence());
    if (gate.result() == Gate.Result.BLOCK) {
      // The end of the command tells it to everyone.
      verbose("  " + style.bad("block") + told);
      return;
    }
    print("  " + style.warning("warn") + told);
  }

  private String mark(Verdict verdict) {
    return switch (verdict) {
      case PASS -> style.good("✓");
      case WARN -> style.warning("!");
      case FAIL -> style.bad("✗");
      case SKIPPED -> style.dim("-");
    };
  }

  private void verbose(String text) {
    if (detail == Detail.VERBOSE) {
      print(text);
    }
  }

  private void print(String text) {
    live.above(() -> output.line(text));
  }
}
