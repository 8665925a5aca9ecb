package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client program and its version.
 *
 * @param version as the program tells it: {@code 15.18}
 */
record PgTool(String program, int major, String version) {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");

  /** The command word of a client program: a path in the configured folder, or a name. */
  static String program(@Nullable Path binDirectory, String name) {
    return binDirectory == null ? name : binDirectory.resolve(name).toAbsolutePath().toString();
  }

  /** The program, or empty when it is not there or does not tell its version. */
  static Optional<PgTool> find(Commands commands, String program) {
    CommandResult result;
    try {
      result = commands.run(Command.of(program, "--version").withTimeout(Duration.ofSeconds(10)));
    } catch (DeployException.StepFailed e) {
      return Optional.empty();
    }
    Matcher matcher = VERSION.matcher(result.output());
    return matcher.find()
        ? Optional.of(new PgTool(program, Integer.parseInt(matcher.group(2)), matcher.group(1)))
        : Optional.empty();
  }
}
