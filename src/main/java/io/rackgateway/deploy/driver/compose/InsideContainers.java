package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the gateway within each container, with curl or wget, whichever the image has; an image with
 * neither, or without a shell, cannot be asked.
 */
final class InsideContainers {

  private static final int LONGEST_BODY = 64 * 1024;
  private static final int MOST_AT_ONCE = 8;

  /** More than the request's own limit: starting a program in a container takes its time. */
  private static final Duration START = Duration.ofSeconds(10);

  /** Exit codes of a shell for a program that cannot be run, and that is not there. */
  private static final List<Integer> NO_PROGRAM = List.of(126, 127);

  /**
   * Arguments: the path, and the limit in seconds. curl tells the status on a last line of its own,
   * wget among the headers on standard error.
   */
  private static final String SCRIPT =
      "url=\"http://127.0.0.1:${PORT:-8080}$1\"; "
          + "if command -v curl >/dev/null 2>&1; then "
          + "exec curl --silent --show-error --noproxy '*' --max-time \"$2\""
          + " --write-out '\\nHTTP/status %{http_code}' \"$url\"; "
          + "elif command -v wget >/dev/null 2>&1; then "
          + "http_proxy= exec wget -q -S -O - -T \"$2\" \"$url\"; "
          + "else exit 127; fi";

  private static final Pattern CURL_STATUS = Pattern.compile("\n?HTTP/status (\\d{3})\\s*$");
  private static final Pattern WGET_STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})");

  private final Commands commands;

  InsideContainers(Commands commands) {
    this.commands = commands;
  }

  List<InsideAnswer> ask(List<Container> containers, String path, Duration timeout) {
    if (containers.isEmpty()) {
      return List.of();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(MOST_AT_ONCE, containers.size()),
            task -> {
              Thread thread = new Thread(task, "inside");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return containers.stream()
          .map(container -> threads.submit(() -> ask(container, path, timeout)))
          .toList()
          .stream()
          .map(InsideContainers::get)
          .flatMap(Optional::stream)
          .toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Optional<InsideAnswer> get(Future<Optional<InsideAnswer>> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking a container ended with an error", e.getCause());
    }
  }

  private Optional<InsideAnswer> ask(Container container, String path, Duration timeout) {
    String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
    Command command =
        Docker.command("exec", container.id(), "sh", "-c", SCRIPT, "sh", path, seconds)
            .withTimeout(timeout.plus(START));
    CommandResult result;
    try {
      result = commands.run(command);
    } catch (DeployException e) {
      return Optional.of(new InsideAnswer(container.name(), 0, "", e.problem().summary()));
    }
    if (NO_PROGRAM.contains(result.exitCode())) {
      return Optional.empty();
    }
    return Optional.of(read(container.name(), result));
  }

  private static InsideAnswer read(String name, CommandResult result) {
    String output = result.output();
    int status = 0;
    Matcher curl = CURL_STATUS.matcher(output);
    if (curl.find()) {
      status = Integer.parseInt(curl.group(1));
      output = output.substring(0, curl.start());
    } else {
      Matcher wget = WGET_STATUS.matcher(String.join("\n", result.tail()));
      while (wget.find()) {
        status = Integer.parseInt(wget.group(1));
      }
    }
    String body = output.length() > LONGEST_BODY ? output.substring(0, LONGEST_BODY) : output;
    return status == 0
        ? new InsideAnswer(name, 0, "", reason(result))
        : new InsideAnswer(name, status, body, null);
  }

  /** What the program said, which is not what curl was told to say last. */
  private static String reason(CommandResult result) {
    return result.tail().stream()
        .filter(line -> !line.isBlank() && !line.startsWith("HTTP/status"))
        .reduce((first, second) -> second)
        .map(String::strip)
        .orElse("exit code " + result.exitCode());
  }
}
