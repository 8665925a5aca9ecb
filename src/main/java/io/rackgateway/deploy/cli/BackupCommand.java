package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.BackupConfig.RetentionConfig;
import io.rackgateway.deploy.engine.Retention;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "backup",
    description = {
      "Takes and proves a backup of the gateway's database.",
      "With --prune, removes earlier ones that backup.keep does not keep; never the last one",
      "that was proven by being restored, and none that an interrupted run may need."
    })
final class BackupCommand extends AppCommand {

  @Option(
      names = "--prune",
      description = "Afterwards, remove the backups that are not kept (see backup.keep).")
  boolean prune;

  @Option(
      names = "--prune-only",
      description = "Take none; only remove the backups that are not kept.")
  boolean pruneOnly;

  BackupCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "backup";
  }

  @Override
  ExitCode run(Session session) {
    RetentionConfig keep = session.configuration().backup().keep();
    Retention retention = new Retention(keep.newest(), keep.younger());
    if (!pruneOnly) {
      return session.tell(session.engine().backup(prune ? retention : null));
    }
    if (prune) {
      throw new DeployException.Usage(
          "--prune and --prune-only exclude each other", "give one of them");
    }
    if (!session.confirm("remove the backups that are not kept")) {
      throw new DeployException.Cancelled("not confirmed");
    }
    List<Backup> removed = session.engine().prune(retention);
    return session.tell(
        RunResult.withoutRun(
            ExitCode.DONE,
            name(),
            session.gatewayName(),
            Problem.of(
                "removed "
                    + (removed.isEmpty() ? "no" : removed.size())
                    + (removed.size() == 1 ? " backup" : " backups")
                    + " of '"
                    + session.gatewayName()
                    + "'",
                ""),
            session.clock().instant()));
  }
}
