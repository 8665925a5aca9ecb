package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.CommandResult;
import java.nio.file.Path;
import java.util.List;

/** What went wrong, from the last lines of a client program. */
final class DumpFailure {

  private final PostgresUrl url;
  private final Path directory;

  DumpFailure(PostgresUrl url, Path directory) {
    this.url = url;
    this.directory = directory.toAbsolutePath();
  }

  DeployException.StepFailed of(CommandResult result) {
    String text = String.join("\n", result.tail());
    if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
      return diskFull();
    }
    String program = result.command().contains("pg_restore") ? "pg_restore" : "pg_dump";
    if (text.contains("server closed the connection")
        || text.contains("terminating connection")
        || text.contains("connection to server")) {
      return failed(
          url.display() + " went away during the backup: " + reason(result),
          "see why the database stopped, then run the same command again",
          result.tail());
    }
    if (text.contains("permission denied for")) {
      return failed(
          "user '" + url.user() + "' may not dump everything: " + reason(result),
          "set database.adminUrl to a user that may read all of the database",
          result.tail());
    }
    return failed(
        program + " of " + url.display() + " failed: " + reason(result),
        "mend what it says, then run the same command again",
        result.tail());
  }

  DeployException.StepFailed diskFull() {
    return failed(
        "the disk of " + directory + " is full",
        "make room there, or choose another backup.pgDump.directory",
        List.of());
  }

  private static String reason(CommandResult result) {
    return result.tail().stream()
        .filter(line -> line.contains("error: "))
        .findFirst()
        .map(line -> line.substring(line.indexOf("error: ") + "error: ".length()).strip())
        .orElseGet(result::reason);
  }

  private static DeployException.StepFailed failed(
      String summary, String next, List<String> details) {
    return new DeployException.StepFailed(new Problem(summary, next, details));
  }
}
