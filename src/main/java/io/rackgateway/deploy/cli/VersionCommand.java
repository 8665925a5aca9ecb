package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints this tool's version.")
final class VersionCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(ToolVersion.line());
    return ExitCode.DONE.code();
  }
}
