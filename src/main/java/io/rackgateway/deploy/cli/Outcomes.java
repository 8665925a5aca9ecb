package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;

/** The exit codes of failures that end a command before or outside a run. */
final class Outcomes {

  private Outcomes() {}

  static ExitCode of(DeployException e) {
    if (e instanceof DeployException.Usage) {
      return ExitCode.USAGE;
    }
    if (e instanceof DeployException.Blocked) {
      return ExitCode.BLOCKED;
    }
    if (e instanceof DeployException.Locked) {
      return ExitCode.LOCKED;
    }
    if (e instanceof DeployException.Cancelled) {
      return ExitCode.UNDONE;
    }
    return ExitCode.FAILED;
  }
}
