package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.CommandResult;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What went wrong while restoring, from the last lines of {@code pg_restore}. */
final class RestoreFailure {

  private static final Pattern NO_ROLE = Pattern.compile("role \"(.*)\" does not exist");
  private static final Pattern NOT_MEMBER =
      Pattern.compile("must be (?:member of|able to SET ROLE) (?:role )?\"(.*)\"");
  private static final Pattern NO_EXTENSION = Pattern.compile("extension \"(.*?)\"");

  private final PostgresUrl into;

  RestoreFailure(PostgresUrl into) {
    this.into = into;
  }

  DeployException.StepFailed of(CommandResult result) {
    String text = String.join("\n", result.tail());
    String reason = Reason.of(result);
    if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
      return failed(
          result, "the disk of the server of " + into.display() + " is full", "make room");
    }
    if (text.contains("server closed the connection")
        || text.contains("terminating connection")
        || text.contains("connection to server")) {
      return failed(
          result,
          into.display() + " went away during the restore: " + reason,
          "see why it stopped");
    }
    Matcher role = NO_ROLE.matcher(text);
    if (role.find()) {
      return failed(
          result,
          "the role '" + role.group(1) + "' is not there on the server of " + into.display(),
          "create it there");
    }
    Matcher member = NOT_MEMBER.matcher(text);
    if (member.find()) {
      return failed(
          result,
          "user '" + into.user() + "' may not give away to '" + member.group(1) + "' what it owns",
          "grant it that role, or restore as another user");
    }
    Matcher extension = NO_EXTENSION.matcher(text);
    if (extension.find() && text.contains("extension")) {
      return failed(
          result,
          "the extension '" + extension.group(1) + "' cannot be created: " + reason,
          "have an administrator of that server create it, or install it there");
    }
    if (text.contains("unsupported version") || text.contains("does not support compression")) {
      return failed(
          result,
          "this pg_restore cannot read the backup: " + reason,
          "set backup.pgDump.binDirectory to the client programs that made it, or newer ones");
    }
    return failed(
        result, "restoring into " + into.display() + " failed: " + reason, "mend what it says");
  }

  private static DeployException.StepFailed failed(
      CommandResult result, String summary, String next) {
    return new DeployException.StepFailed(
        new Problem(
            summary, next + ", drop that database, and restore anew", List.copyOf(result.tail())));
  }
}
