package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.ExitCode;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "backups", description = "Lists the backups in the journal, newest first.")
final class BackupsCommand extends AppCommand {

  BackupsCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "backups";
  }

  @Override
  ExitCode run(Session session) {
    List<Backup> backups =
        session
            .existingJournal()
            .map(journal -> journal.backups(session.gatewayName()))
            .orElse(List.of());
    if (options.json) {
      session.print(session.json().writeAny(backups));
      return ExitCode.DONE;
    }
    if (backups.isEmpty()) {
      session.output().line("no backups of '" + session.gatewayName() + "' are recorded");
    }
    for (Backup backup : backups) {
      session
          .output()
          .line(
              backup.id()
                  + "  "
                  + backup.kind()
                  + "  "
                  + (backup.gatewayVersion() == null ? "-" : backup.gatewayVersion())
                  + "  "
                  + Durations.bytes(backup.bytes())
                  + "  "
                  + backup.proof().label()
                  + "  "
                  + backup.location());
    }
    return ExitCode.DONE;
  }
}
