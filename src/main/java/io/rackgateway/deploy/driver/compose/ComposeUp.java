package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code compose up} of the gateway's service alone, in the form that each Compose understands. */
final class ComposeUp {

  private static final Pattern PORT =
      Pattern.compile(
          "(?:Bind for |failed to bind host port (?:for )?|listen (?:tcp|udp)[46]? |exposing port TCP )"
              + "(?<address>(?:\\d+\\.\\d+\\.\\d+\\.\\d+|\\[?[0-9a-fA-F:]+\\]?):\\d+).*(?:already allocated|already in use)");
  private static final int LINES = 20;

  private final Compose compose;
  private final ComposeConfig config;
  private final Docker docker;

  ComposeUp(Compose compose, ComposeConfig config, Docker docker) {
    this.compose = compose;
    this.config = config;
    this.docker = docker;
  }

  /**
   * The command.
   *
   * @param recreate whether containers of another image or configuration are replaced, or left as
   *     they are
   * @param scale how many containers there are to be in all; 0 for as many as the files say
   */
  Command command(boolean recreate, int scale) {
    List<String> words = new ArrayList<>(List.of("up", "-d", "--no-deps", "--no-build"));
    if (!compose.tool().legacy()) {
      // What was prepared is what is started, even if the registry has another image by now.
      words.addAll(List.of("--pull", "never"));
    }
    if (!recreate) {
      words.add("--no-recreate");
    }
    words.addAll(List.of("--timeout", Long.toString(config.stopTimeout().toSeconds())));
    if (scale > 0) {
      words.addAll(List.of("--scale", config.service() + "=" + scale));
    }
    words.add(config.service());
    Duration limit = config.startTimeout().plus(config.stopTimeout().multipliedBy(scale + 1L));
    return compose.command(List.of(), words).withTimeout(limit.plusMinutes(2));
  }

  /**
   * Runs the command.
   *
   * @throws DeployException.StepFailed if a container cannot be created or started
   */
  void run(boolean recreate, int scale) {
    CommandResult result = compose.run(command(recreate, scale));
    if (result.succeeded()) {
      return;
    }
    List<String> lines = result.tail();
    for (String line : lines) {
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        throw portTaken(matcher.group("address"), lines);
      }
    }
    throw new DeployException.StepFailed(
        new Problem(
            "Compose could not start service " + config.service() + ": " + words(lines),
            "see the output of '" + result.command() + "'",
            last(lines)));
  }

  private DeployException.StepFailed portTaken(String address, List<String> lines) {
    String port = address.substring(address.lastIndexOf(':') + 1);
    String holder =
        docker
            .run(
                "looking for the holder of port " + port,
                Docker.command("ps", "--filter", "publish=" + port, "--format", "{{.Names}}"))
            .output()
            .lines()
            .map(name -> " by container " + name)
            .findFirst()
            .orElse(" by something else on this machine");
    return new DeployException.StepFailed(
        new Problem(
            "service "
                + config.service()
                + " cannot be started: port "
                + address
                + " is taken"
                + holder,
            "free the port or change 'ports:' in the Compose file, then run the upgrade again",
            last(lines)));
  }

  /** The line that tells the error; both Composes say other things after it. */
  private static String words(List<String> lines) {
    return lines.stream()
        .filter(line -> line.contains("Error response") || line.contains("ERROR: "))
        .findFirst()
        .or(() -> lines.stream().filter(line -> !line.isBlank()).reduce((a, b) -> b))
        .map(String::strip)
        .orElse("it did not say why");
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }
}
