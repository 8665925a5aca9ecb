package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.cli.StatusCommand.RunSummary;
import io.rackgateway.deploy.journal.Holder;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "runs", description = "Lists the runs in the journal, newest first.")
final class RunsCommand extends AppCommand {

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  int limit = 20;

  RunsCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "runs";
  }

  private List<RunSummary> summaries(Session session, Journal journal) {
    RunId busy = journal.holder(session.gatewayName()).map(Holder::run).orElse(null);
    return journal.runs(session.gatewayName(), limit).stream()
        .map(run -> RunSummary.of(run, busy))
        .toList();
  }

  @Override
  ExitCode run(Session session) {
    List<RunSummary> runs =
        session.existingJournal().map(journal -> summaries(session, journal)).orElse(List.of());
    if (options.json) {
      session.print(session.json().writeAny(runs));
      return ExitCode.DONE;
    }
    if (runs.isEmpty()) {
      session.output().line("no runs of '" + session.gatewayName() + "' are recorded");
    }
    for (RunSummary run : runs) {
      session
          .output()
          .line(
              String.format("%s  %-9s %-11s ", run.run(), run.command(), run.outcome())
                  + Output.clean(run.message()));
    }
    return ExitCode.DONE;
  }
}
