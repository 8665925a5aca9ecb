package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.diagnose.folder.Diagnosis;
import io.rackgateway.deploy.model.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "diagnose",
    description = {
      "Finds out what is wrong: processes or containers, events, start-up logs, health from within",
      "and from outside, migrations, names of variables, database, journal. Changes nothing.",
      "Writes a page and what it rests on into a folder; secrets are masked."
    })
final class DiagnoseCommand extends AppCommand {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "Where to write it: a folder that is empty or not there yet",
        "(default: .rack-gateway/diagnostics/GATEWAY-TIME beside the configuration;",
        "the last ten are kept)."
      })
  @Nullable Path out;

  DiagnoseCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "diagnose";
  }

  @Override
  ExitCode run(Session session) {
    Diagnosis diagnosis = session.diagnoser().diagnose(out);
    if (options.json) {
      session.print(session.json().writeAny(diagnosis));
      return ExitCode.DONE;
    }
    Output output = session.output();
    if (!options.quiet) {
      for (Diagnosis.Looked part : diagnosis.parts()) {
        String problem = part.problem();
        if (problem != null) {
          output.line("  not found out: " + Output.clean(part.title() + ": " + problem));
        }
      }
      diagnosis.findings().stream()
          .skip(1)
          .forEach(finding -> output.line("  also: " + Output.clean(finding)));
    }
    output.line(diagnosis.page());
    output.line(Output.clean(diagnosis.guess()));
    return ExitCode.DONE;
  }
}
