package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.engine.SinceUpgrade;
import io.rackgateway.deploy.journal.Holder;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Shows what is deployed, and whether a run is at work or was interrupted.")
final class StatusCommand extends AppCommand {

  StatusCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "status";
  }

  /** What {@code status --json} prints. */
  record Status(
      String gateway,
      Observation deployed,
      String schema,
      @Nullable String atWork,
      @Nullable RunSummary interrupted,
      @Nullable RunSummary last,
      @Nullable Watched watched) {}

  /** The looks at the gateway since its last upgrade. */
  record Watched(
      String run,
      int looks,
      Instant from,
      Instant until,
      long requests,
      long serverErrors,
      String verdict,
      String evidence) {

    static Watched of(List<Look> looks) {
      Look last = looks.get(looks.size() - 1);
      Traffic all = looks.stream().map(Look::traffic).reduce(Traffic.NONE, Traffic::plus);
      return new Watched(
          last.run().value(),
          looks.size(),
          looks.get(0).from(),
          last.until(),
          all.requests(),
          all.serverErrors(),
          last.verdict().label(),
          last.evidence());
    }
  }

  /** A run in few words. */
  record RunSummary(
      String run,
      String command,
      @Nullable String from,
      @Nullable String to,
      String outcome,
      String message) {

    /**
     * @param atWork the run that is at work; null when none is
     */
    static RunSummary of(RunRecord record, @Nullable RunId atWork) {
      var plan = record.plan();
      boolean busy = record.id().equals(atWork);
      Optional<RunResult> result = record.outcome();
      return new RunSummary(
          record.id().value(),
          record.command(),
          plan == null ? null : plan.from().tag(),
          plan == null ? null : plan.to().tag(),
          result.map(r -> r.outcome().label()).orElse(busy ? "at work" : "interrupted"),
          result
              .map(RunResult::message)
              .orElse(busy ? "is not at its end yet" : "run 'resume' to finish it or undo it"));
    }
  }

  @Override
  ExitCode run(Session session) {
    Observation deployed = session.ports().driver().observe();
    String atWork = null;
    RunSummary interrupted = null;
    RunSummary last = null;
    Watched watched = null;
    try {
      Optional<Journal> journal = session.existingJournal();
      if (journal.isPresent()) {
        Optional<Holder> holder = journal.get().holder(session.gatewayName());
        RunId busy = holder.map(Holder::run).orElse(null);
        atWork = holder.map(found -> "run " + found.run() + " of " + found.owner()).orElse(null);
        interrupted =
            journal
                .get()
                .unfinished(session.gatewayName())
                .filter(run -> !run.id().equals(busy))
                .map(run -> RunSummary.of(run, busy))
                .orElse(null);
        last =
            journal.get().runs(session.gatewayName(), 1).stream()
                .findFirst()
                .map(run -> RunSummary.of(run, busy))
                .orElse(null);
        watched =
            SinceUpgrade.upgrade(journal.get(), session.gatewayName())
                .map(run -> journal.get().looks(run.id()))
                .filter(looks -> !looks.isEmpty())
                .map(Watched::of)
                .orElse(null);
      }
    } catch (DeployException.Locked e) {
      atWork = e.problem().summary();
    }
    Optional<Mark> mark = session.ports().driver().findMark();
    boolean known =
        interrupted != null
            && mark.isPresent()
            && interrupted.run().equals(mark.get().run().value());
    if (atWork == null && mark.isPresent() && !known) {
      atWork =
          "run "
              + mark.get().run()
              + " of "
              + mark.get().owner()
              + ", since "
              + mark.get().startedAt();
    }
    Status status =
        new Status(
            session.gatewayName(),
            deployed,
            session.ports().schema().read().summary(),
            atWork,
            interrupted,
            last,
            watched);
    if (options.json) {
      session.print(session.json().writeAny(status));
    } else {
      print(session.output(), status);
    }
    return ExitCode.DONE;
  }

  private static void print(Output output, Status status) {
    Observation deployed = status.deployed();
    output.line(status.gateway() + " is deployed as " + deployed.location());
    output.line("  names      " + deployed.reference());
    List<Instance> instances = deployed.instances();
    if (instances.isEmpty()) {
      output.line("  instances  none");
    }
    for (Instance instance : instances) {
      String detail = instance.detail() == null ? "" : " (" + instance.detail() + ")";
      output.line(
          "  instance   "
              + Output.clean(instance.name() + " " + instance.state().label() + detail)
              + ", "
              + instance.reference());
    }
    output.line("  database   " + status.schema());
    if (status.atWork() != null) {
      output.line("  at work    " + Output.clean(status.atWork()));
    }
    line(output, "interrupted", status.interrupted());
    if (!Objects.equals(status.last(), status.interrupted())) {
      line(output, "last run", status.last());
    }
    Watched watched = status.watched();
    if (watched != null) {
      output.line(
          "  watched    "
              + Durations.age(Duration.between(watched.from(), watched.until()))
              + " since the upgrade in "
              + (watched.looks() == 1 ? "1 look" : watched.looks() + " looks")
              + ", "
              + watched.requests()
              + " requests, "
              + watched.serverErrors()
              + " server errors; the last: "
              + watched.verdict()
              + ", "
              + Output.clean(watched.evidence()));
    }
  }

  private static void line(Output output, String title, @Nullable RunSummary run) {
    if (run != null) {
      output.line(
          String.format("  %-10s ", title)
              + run.run()
              + " "
              + run.outcome()
              + ": "
              + Output.clean(run.message()));
    }
  }
}
