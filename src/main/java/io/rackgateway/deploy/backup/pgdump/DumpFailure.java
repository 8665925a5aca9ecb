package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.CommandResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What went wrong with a dump, from the last lines of a client program or the server's answer. */
final class DumpFailure {

  private static final String AGAIN = "then run the same command again";

  private final PostgresUrl url;
  private final Path directory;

  DumpFailure(PostgresUrl url, Path directory) {
    this.url = url;
    this.directory = directory.toAbsolutePath();
  }

  DeployException.StepFailed of(CommandResult result) {
    String text = String.join("\n", result.tail());
    if (isFull(text)) {
      return diskFull();
    }
    String program = result.command().contains("pg_restore") ? "pg_restore" : "pg_dump";
    if (text.contains("invalid snapshot identifier") || text.contains("snapshot \"")) {
      return failed(
          "pg_dump does not reach the same server as this tool: " + Reason.of(result),
          "give the address of one server itself in database.adminUrl, not of a pool or several",
          result.tail());
    }
    if (text.contains("server closed the connection")
        || text.contains("terminating connection")
        || text.contains("connection to server")) {
      return failed(
          url.display() + " went away during the backup: " + Reason.of(result),
          "see why the database stopped, " + AGAIN,
          result.tail());
    }
    if (text.contains("permission denied for")) {
      return failed(
          "user '" + url.user() + "' may not dump everything: " + Reason.of(result),
          "set database.adminUrl to a user that may read all of the database",
          result.tail());
    }
    if (text.contains("aborting because of server version mismatch")) {
      return failed(
          program + " is older than the server of " + url.display(),
          "install newer client programs, or set backup.pgDump.binDirectory to the folder of some",
          result.tail());
    }
    return failed(
        program + " of " + url.display() + " failed: " + Reason.of(result),
        "mend what it says, " + AGAIN,
        result.tail());
  }

  /**
   * @param sentence what the database said, for people
   */
  DeployException.StepFailed database(SQLException failure, String sentence) {
    String state = String.valueOf(failure.getSQLState());
    String next = "see why the database does not answer, " + AGAIN;
    if (sentence.contains("export") && sentence.contains("snapshot")) {
      next = "give the address of the primary server itself in database.adminUrl";
    } else if (state.equals("42501")) {
      return failed(
          "user '" + url.user() + "' may not dump everything: " + sentence,
          "set database.adminUrl to a user that may read all of the database",
          List.of());
    }
    return new DeployException.StepFailed(new Problem(sentence, next, List.of()), failure);
  }

  DeployException.StepFailed diskFull() {
    return failed(
        "the disk of " + directory + " is full",
        "make room there, or choose another backup.pgDump.directory",
        List.of());
  }

  DeployException.StepFailed diskNearlyFull(long left) {
    if (left <= 0) {
      return diskFull();
    }
    return failed(
        "the disk of "
            + directory
            + " is nearly full: "
            + DiskSpace.text(left)
            + " are left, so the dump was ended",
        "make room there, or choose another backup.pgDump.directory",
        List.of());
  }

  DeployException.StepFailed unwritable(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (isFull(message)) {
      return diskFull();
    }
    return new DeployException.StepFailed(
        Problem.of(
            "the folder of backups "
                + directory
                + " cannot be written to: "
                + e.getClass().getSimpleName()
                + " "
                + message,
            "give this user a folder it may write to in backup.pgDump.directory"),
        e);
  }

  private static boolean isFull(String text) {
    return text.contains("No space left on device") || text.contains("Disk quota exceeded");
  }

  private static DeployException.StepFailed failed(
      String summary, String next, List<String> details) {
    return new DeployException.StepFailed(new Problem(summary, next, details));
  }
}
