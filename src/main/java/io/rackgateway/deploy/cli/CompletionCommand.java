package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh: source <(… completion).")
final class CompletionCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .print(AutoComplete.bash("rack-gateway-deploy", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE.code();
  }
}
