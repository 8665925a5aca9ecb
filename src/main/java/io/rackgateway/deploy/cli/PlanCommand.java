package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Targets;
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

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Writes the plan as Markdown to the file, for a pull request.")
  @Nullable Path markdown;

  @Option(
      names = "--check",
      description = {
        "Only says whether a newer release exists: ends with 0 when none does, with 3 when one does, and with 2"
            + " when that cannot be told."
      })
  boolean check;

  PlanCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "plan";
  }

  @Override
  ExitCode run(Session session) {
    return check ? checkForNewer(session) : plan(session);
  }

  private ExitCode plan(Session session) {
    Plan plan = session.planner().plan(target.upgrade(session));
    Path file = out;
    if (file != null) {
      write(file, session.json().writePretty(plan));
    }
    Path page = markdown;
    if (page != null) {
      write(page, session.mask(new PlanMarkdown(plan).text()));
    }
    if (options.json) {
      session.print(session.json().writePretty(plan));
    } else {
      new PlanView(session.output(), session.style(), options.verbose).print(plan);
      if (file != null) {
        session.output().line("");
        session.output().line("written to " + file + "; run it with: upgrade --plan " + file);
      }
    }
    return plan.arrived() || plan.blocks().isEmpty() ? ExitCode.DONE : ExitCode.BLOCKED;
  }

  private ExitCode checkForNewer(Session session) {
    if (target.given() || out != null || markdown != null) {
      throw new DeployException.Usage(
          "--check makes no plan, so that --to, --out and --markdown have no meaning with it",
          "run 'plan --check' alone, and 'plan --to latest' for a plan");
    }
    Version current = target.current(session);
    NewerView view = new NewerView(current, targets(session));
    if (options.json) {
      session.print(session.json().writeAny(view.fields()));
    } else {
      view.lines().forEach(session.output()::line);
    }
    return view.newer() ? ExitCode.BLOCKED : ExitCode.DONE;
  }

  /** Not being able to tell must not look like something newer, which ends as a block does. */
  private static Targets targets(Session session) {
    try {
      return session.targets();
    } catch (DeployException.Blocked e) {
      throw new DeployException.Usage(e.problem());
    }
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
