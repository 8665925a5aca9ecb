package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.RestoreRequest;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.restore.Restorer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "restore",
    description = {
      "Brings the database back to a backup; the same version runs afterwards.",
      "What was written since is saved beside the backup, and the database as it is now",
      "is kept beside the restored one until --drop-old."
    })
final class RestoreCommand extends AppCommand {

  @Option(
      names = "--backup",
      paramLabel = "ID",
      description = "The backup to restore; see 'backups' (default: the newest).")
  @Nullable String backup;

  @Option(
      names = "--drop-old",
      description = "Restores nothing, but removes the databases that earlier restores kept.")
  boolean dropOld;

  RestoreCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "restore";
  }

  @Override
  boolean beginsRuns() {
    return true;
  }

  @Override
  ExitCode run(Session session) {
    if (dropOld) {
      return dropOld(session);
    }
    if (!session.confirm("restore the database of '" + session.gatewayName() + "'")) {
      throw new DeployException.Cancelled("not confirmed");
    }
    RestoreRequest request = new RestoreRequest(false, backup, null, null, null, List.of());
    return session.tell(session.engine().restore(session.planner(), request));
  }

  private ExitCode dropOld(Session session) {
    if (backup != null) {
      throw new DeployException.Usage(
          "--backup and --drop-old exclude each other", "give one of them");
    }
    List<Restorer.Kept> kept = session.ports().restorer().kept();
    if (kept.isEmpty()) {
      return told(session, "no restore of '" + session.gatewayName() + "' has kept a database");
    }
    for (Restorer.Kept database : kept) {
      session
          .output()
          .line(
              database.name()
                  + "  "
                  + Durations.bytes(database.bytes())
                  + "  "
                  + database.origin());
    }
    String what = kept.size() == 1 ? "this database" : "these " + kept.size() + " databases";
    if (!session.confirm("drop " + what)) {
      throw new DeployException.Cancelled("not confirmed");
    }
    List<String> dropped = session.engine().dropKept(kept);
    return told(session, "dropped " + String.join(", ", dropped));
  }

  private static ExitCode told(Session session, String message) {
    return session.tell(
        RunResult.withoutRun(
            ExitCode.DONE,
            "restore",
            session.gatewayName(),
            Problem.of(message, ""),
            session.clock().instant()));
  }
}
