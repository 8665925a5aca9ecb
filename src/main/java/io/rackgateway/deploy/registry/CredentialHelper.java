package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Programs {@code docker-credential-NAME} that keep log-ins in a key store: {@code get} reads the
 * server on standard input and prints {@code {"ServerURL", "Username", "Secret"}}.
 */
final class CredentialHelper {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String NOT_FOUND = "credentials not found in native keychain";

  /** The user name that stands for "the secret is an identity token". */
  private static final String TOKEN_USER = "<token>";

  private final String path;
  private final Commands commands;
  private final Duration limit;

  /**
   * @param path folders to find helpers in, as in {@code PATH}
   */
  CredentialHelper(String path, Commands commands, Duration limit) {
    this.path = path;
    this.commands = commands;
    this.limit = limit;
  }

  /** What the helper has for a server, empty if it has nothing. */
  Optional<RegistryCredential> find(String helper, String server) throws InterruptedException {
    String program = "docker-credential-" + helper;
    if (!NAME.matcher(helper).matches()) {
      throw failed("'" + Upstream.text(helper) + "' is no name of a credential helper");
    }
    Path file =
        locate(program)
            .orElseThrow(() -> failed("the credential helper " + program + " is not on the PATH"));
    CommandResult result =
        run(Command.of(file.toString(), "get").withTimeout(limit).withInput(server), program);
    if (!result.succeeded()) {
      if (result.tail().stream().anyMatch(line -> line.contains(NOT_FOUND))) {
        return Optional.empty();
      }
      throw failed(program + " has no log-in for " + server + ": " + reason(result));
    }
    return parse(result.output(), program);
  }

  private Optional<Path> locate(String program) {
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** Nothing of its output is shown when it hangs: a password may be in it already. */
  private CommandResult run(Command command, String program) throws InterruptedException {
    try {
      return commands.run(command);
    } catch (DeployException.StepFailed e) {
      throw failed(
          program + " could not be started, or did not answer within " + limit.toSeconds() + " s");
    } catch (IllegalStateException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while asking " + program);
      }
      throw e;
    }
  }

  private static Optional<RegistryCredential> parse(String output, String program) {
    JsonNode answer;
    try {
      answer = new ObjectMapper().readTree(output);
    } catch (JsonProcessingException e) {
      throw failed(program + " printed something that is not JSON");
    }
    String username = answer.path("Username").asText("");
    String secret = answer.path("Secret").asText("");
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RegistryCredential(username, secret, username.equals(TOKEN_USER), program));
  }

  private static String reason(CommandResult result) {
    String line = result.reason();
    return line.contains("Secret") ? "exit code " + result.exitCode() : Upstream.text(line);
  }

  private static DeployException.Blocked failed(String how) {
    return Upstream.unanswered(
        how, "correct 'credHelpers' or 'credsStore' in the Docker configuration, or the helper");
  }
}
