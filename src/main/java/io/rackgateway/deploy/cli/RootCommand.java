package io.rackgateway.deploy.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program itself, without a command. */
@Command(
    name = "rack-gateway-deploy",
    description = {
      "Upgrades a Rack Gateway: plans, backs up, migrates, rolls out, verifies,",
      "and brings the old version back when anything fails.%n"
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExit codes:",
      "  0 done                         4 failed, a human is needed",
      "  1 failed and undone            5 interrupted; 'resume' finishes it",
      "  2 wrong usage, configuration   6 another run holds the lock",
      "  3 blocked by a gate"
    },
    subcommands = {
      PlanCommand.class,
      UpgradeCommand.class,
      BackupCommand.class,
      RehearseCommand.class,
      VerifyCommand.class,
      RollbackCommand.class,
      RestoreCommand.class,
      ResumeCommand.class,
      StatusCommand.class,
      RunsCommand.class,
      BackupsCommand.class,
      DiagnoseCommand.class,
      DemoCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    })
final class RootCommand implements Runnable {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows what this takes and exits.")
  boolean help;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command was given");
  }
}
