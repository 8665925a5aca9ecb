package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "rollback",
    description = {
      "Brings back the version before, or an older one named with --to.",
      "An interrupted run is undone first of all. The database is left as it is."
    })
final class RollbackCommand extends AppCommand {

  @Mixin TargetOptions target = new TargetOptions();

  RollbackCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "rollback";
  }

  @Override
  ExitCode run(Session session) {
    if (!session.confirm("roll back '" + session.gatewayName() + "'")) {
      throw new DeployException.Cancelled("not confirmed");
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
