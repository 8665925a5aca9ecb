package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.rehearsal.ScratchProving;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rehearse",
    description = {
      "Restores a backup into a scratch database and runs the target's migrations there.",
      "Changes nothing. Ends with 3 when the upgrade must not go on."
    })
final class RehearseCommand extends AppCommand {

  @Option(
      names = "--to",
      required = true,
      paramLabel = "VERSION",
      description = "The version whose migrations are run, such as v1.2.0; or latest.")
  String to = "";

  @Option(
      names = "--backup",
      paramLabel = "ID",
      description = "The backup to restore, as 'backups' lists it; left out, the newest.")
  @Nullable String backup;

  RehearseCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "rehearse";
  }

  @Override
  ExitCode run(Session session) {
    TargetOptions target = new TargetOptions();
    target.to = to;
    Version version = target.upgrade(session).to();
    Backup chosen = choose(session);
    RunId id = RunId.create(session.clock().instant(), new SecureRandom());
    Rehearsal rehearsal;
    try (ScratchProving rehearsals = session.rehearsals()) {
      rehearsal = rehearsals.tryOut(id, chosen, version);
    }
    if (options.json) {
      session.print(session.json().writePretty(rehearsal));
    } else {
      new RehearsalView(session.style(), session.output()::line).print(rehearsal);
      tell(session, rehearsal);
    }
    return rehearsal.failure() == null ? ExitCode.DONE : ExitCode.BLOCKED;
  }

  private static void tell(Session session, Rehearsal rehearsal) {
    String failure = rehearsal.failure();
    session.output().line("");
    if (failure == null) {
      session
          .output()
          .line(
              session.style().good("done: ")
                  + "the migrations of "
                  + rehearsal.to()
                  + " run on a copy of the database; nothing was changed");
    } else {
      ProblemView.print(
          session.output(),
          Problem.of(
              "blocked: " + failure + "; nothing was changed",
              "do not upgrade to " + rehearsal.to() + " before that is mended"));
    }
  }

  private Backup choose(Session session) {
    BackupProvider provider = session.ports().backup();
    List<Backup> all = provider.list(session.gatewayName());
    String wanted = backup;
    return all.stream()
        .filter(each -> wanted == null || each.id().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    wanted == null
                        ? "there is no backup of '" + session.gatewayName() + "' to rehearse on"
                        : "there is no backup '" + wanted + "' of '" + session.gatewayName() + "'",
                    wanted == null
                        ? "take one with 'backup'"
                        : "see 'backups' for those there are"));
  }
}
