package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "rollback",
    description = {
      "Brings back the version before, or an older one named with --to.",
      "An interrupted run is undone first of all. The database is left as it is,",
      "or with --restore-database becomes what it was when the backup was taken."
    })
final class RollbackCommand extends AppCommand {

  @Mixin TargetOptions target = new TargetOptions();

  @Option(
      names = "--restore-database",
      description = {
        "Restores the database from the backup that the undone upgrade took, or from --backup.",
        "What was written since is saved beside the backup, and the database as it is now is kept."
      })
  boolean restoreDatabase;

  @Option(
      names = "--backup",
      paramLabel = "ID",
      description = "The backup to restore; see 'backups'. Only with --restore-database.")
  @Nullable String backup;

  RollbackCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "rollback";
  }

  @Override
  boolean beginsRuns() {
    return true;
  }

  @Override
  ExitCode run(Session session) {
    if (backup != null && !restoreDatabase) {
      throw new DeployException.Usage(
          "--backup was given without --restore-database",
          "add --restore-database, or leave --backup out to keep the database as it is");
    }
    String what =
        "roll back '" + session.gatewayName() + "'" + (restoreDatabase ? " with its database" : "");
    if (!session.confirm(what)) {
      throw new DeployException.Cancelled("not confirmed");
    }
    if (restoreDatabase) {
      return session.tell(
          session.engine().restore(session.planner(), target.restoring(true, backup)));
    }
    if (!target.given() && session.engine().isInterrupted()) {
      return session.tell(session.engine().resume(null, true).orElseThrow());
    }
    Planner.Request request =
        target.given()
            ? target.request(Plan.Kind.ROLLBACK)
            : target.request(
                Plan.Kind.ROLLBACK,
                session
                    .engine()
                    .versionBefore()
                    .orElseThrow(
                        () ->
                            new DeployException.Usage(
                                "the journal has no upgrade of '"
                                    + session.gatewayName()
                                    + "' that led to the version that runs now",
                                "say which version to go back to: rollback --to v1.1.0")));
    return session.tell(session.engine().carryOut(session.planner(), request));
  }
}
