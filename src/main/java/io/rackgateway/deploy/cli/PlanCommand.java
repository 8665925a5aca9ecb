package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = "Shows what an upgrade would do, and whether it may. Changes nothing.")
final class PlanCommand extends AppCommand {

  @Mixin TargetOptions target = new TargetOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes the plan to the file, for approval and 'upgrade --plan FILE'.")
  @Nullable Path out;

  PlanCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "plan";
  }

  @Override
  ExitCode run(Session session) {
    Plan plan = session.planner().plan(target.request(Plan.Kind.UPGRADE));
    Path file = out;
    if (file != null) {
      write(file, session.json().writePretty(plan));
    }
    if (options.json) {
      session.print(session.json().writePretty(plan));
    } else {
      new PlanView(session.output(), session.style()).print(plan);
      if (file != null) {
        session.output().line("");
        session.output().line("written to " + file + "; run it with: upgrade --plan " + file);
      }
    }
    return plan.blocks().isEmpty() ? ExitCode.DONE : ExitCode.BLOCKED;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the plan cannot be written to " + file + ": " + IoFailure.describe(e),
          "name a file that can be written");
    }
  }
}
