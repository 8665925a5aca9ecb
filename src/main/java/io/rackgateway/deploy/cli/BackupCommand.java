package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.ExitCode;
import picocli.CommandLine.Command;

@Command(name = "backup", description = "Takes and proves a backup of the gateway's database.")
final class BackupCommand extends AppCommand {

  BackupCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "backup";
  }

  @Override
  ExitCode run(Session session) {
    return session.tell(session.engine().backup());
  }
}
