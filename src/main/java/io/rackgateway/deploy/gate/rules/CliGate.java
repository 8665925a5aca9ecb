package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gate {@code cli}: the {@code rack-gateway} command line on the path, if there is one, should
 * have the target's major version. Its {@code version} prints its own in a line {@code client:
 * 1.2.0}, before it asks any server.
 */
public final class CliGate implements GateCheck {

  private static final String NAME = "cli";
  private static final String PROGRAM = "rack-gateway";
  private static final Pattern CLIENT = Pattern.compile("(?m)^client:\\s*(\\S+)\\s*$");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Commands commands;
  private final Map<String, String> environment;

  /**
   * @param environment of this process, in whose {@code PATH} the program is looked for
   */
  public CliGate(Commands commands, Map<String, String> environment) {
    this.commands = commands;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    Optional<Path> program = find();
    if (program.isEmpty()) {
      return GateAnswer.of(Gate.pass(NAME, "no " + PROGRAM + " command line on the path"));
    }
    return GateAnswer.of(judge(program.get(), context.to()));
  }

  private Gate judge(Path program, Version to) {
    Optional<Version> version = version(program);
    if (version.isEmpty()) {
      return Gate.warn(
          NAME,
          program + " does not tell its version",
          "see '" + PROGRAM + " version'; it should be of v" + to.semver().getMajor() + ".x");
    }
    Version own = version.get();
    if (own.semver().getMajor() == to.semver().getMajor()) {
      return Gate.pass(NAME, program + " is " + own + ", of the same major version");
    }
    return Gate.warn(
        NAME,
        program + " is " + own + ", and the target is " + to,
        "read in the release notes whether they work together, or install " + PROGRAM + " " + to);
  }

  private Optional<Version> version(Path program) {
    try {
      CommandResult result =
          commands.run(
              Command.of(List.of(program.toString(), "version"))
                  .withTimeout(TIMEOUT)
                  .asInterruptible());
      Matcher matcher = CLIENT.matcher(result.output());
      return matcher.find() ? Version.tryParse(matcher.group(1)) : Optional.empty();
    } catch (DeployException.StepFailed e) {
      return Optional.empty();
    }
  }

  private Optional<Path> find() {
    for (String folder :
        environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
      try {
        Path program = Path.of(folder.isEmpty() ? "." : folder).resolve(PROGRAM);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          return Optional.of(program);
        }
      } catch (InvalidPathException e) {
        // No program is in a folder that cannot be.
      }
    }
    return Optional.empty();
  }
}
