package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Verification;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = "Runs all checks against the running gateway. Changes nothing.")
final class VerifyCommand extends AppCommand {

  @Option(
      names = "--expect",
      paramLabel = "VERSION",
      description = "The version that should run (default: what the platform says).")
  @Nullable String expected;

  VerifyCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "verify";
  }

  @Override
  ExitCode run(Session session) {
    String text = expected;
    Version version = null;
    if (text != null) {
      version =
          Version.tryParse(text)
              .orElseThrow(
                  () ->
                      new DeployException.Usage(
                          "--expect '" + text + "' is not a version",
                          "give a complete one, such as v1.2.0"));
    }
    return session.tell(new Verification(session.settings(), session.ports()).verify(version));
  }
}
