package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    description = {
      "Finishes an interrupted run, or undoes it when it was being undone.",
      "Without its journal, goes by the mark that the run left on the platform."
    })
final class ResumeCommand extends AppCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "Which run (default: the interrupted one).")
  @Nullable String run;

  @Option(names = "--undo", description = "Undoes the run although it could be finished.")
  boolean undo;

  ResumeCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "resume";
  }

  @Override
  ExitCode run(Session session) {
    Optional<RunResult> result = session.engine().resume(runId(), undo);
    if (result.isPresent()) {
      return session.tell(result.get());
    }
    return session.tell(session.engine().nothingInterrupted());
  }

  private @Nullable RunId runId() {
    String text = run;
    if (text == null) {
      return null;
    }
    try {
      return new RunId(text);
    } catch (IllegalArgumentException e) {
      throw new DeployException.Usage(
          String.valueOf(e.getMessage()), "see 'runs' for the ids of past runs");
    }
  }
}
