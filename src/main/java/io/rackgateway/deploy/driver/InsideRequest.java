package io.rackgateway.deploy.driver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request to the gateway from within its own container, with curl or wget, whichever the image
 * has; an image with neither, or without a shell, cannot be asked.
 */
public final class InsideRequest {

  private static final int LONGEST_BODY = 64 * 1024;

  /** Exit codes of a shell for a program that cannot be run, and that is not there. */
  private static final List<Integer> NO_PROGRAM = List.of(126, 127);

  /**
   * Arguments: the path, and the limit in seconds. curl tells the status on a last line of its own,
   * wget among the headers on standard error.
   */
  private static final String SCRIPT =
      "limit=; url=\"http://127.0.0.1:${PORT:-8080}$1\"; "
          + "if command -v curl >/dev/null 2>&1; then "
          + "exec curl --silent --show-error --noproxy '*' --max-time \"$2\""
          + " --write-out '\\nHTTP/status %{http_code}' \"$url\"; "
          + "elif command -v wget >/dev/null 2>&1; then "
          // Not by wget's own -T, which ends some builds of busybox by a crash.
          + "command -v timeout >/dev/null 2>&1 && limit=\"timeout $2\"; "
          + "http_proxy= exec $limit wget -q -S -O - \"$url\"; "
          + "else exit 127; fi";

  private static final Pattern CURL_STATUS = Pattern.compile("\n?HTTP/status (\\d{3})\\s*$");
  private static final Pattern WGET_STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})");

  private InsideRequest() {}

  /** The command to run in the container. */
  public static List<String> command(String path, Duration timeout) {
    String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
    return List.of("sh", "-c", SCRIPT, "sh", path, seconds);
  }

  /**
   * What it answered; empty where the container has no program to ask with.
   *
   * @param output what came on standard output
   * @param tail the last lines of standard error, or of both where they come together
   */
  public static Optional<InsideAnswer> read(
      String instance, int exitCode, String output, List<String> tail) {
    if (NO_PROGRAM.contains(exitCode)) {
      return Optional.empty();
    }
    int status = 0;
    String body = output;
    Matcher curl = CURL_STATUS.matcher(body);
    if (curl.find()) {
      status = Integer.parseInt(curl.group(1));
      body = body.substring(0, curl.start());
    } else {
      Matcher wget = WGET_STATUS.matcher(String.join("\n", tail));
      while (wget.find()) {
        status = Integer.parseInt(wget.group(1));
      }
    }
    return Optional.of(
        status == 0
            ? new InsideAnswer(instance, 0, "", reason(exitCode, tail))
            : new InsideAnswer(
                instance, status, body.substring(0, Math.min(body.length(), LONGEST_BODY)), null));
  }

  /** What the program said, which is not what curl was told to say last. */
  private static String reason(int exitCode, List<String> tail) {
    return tail.stream()
        .filter(line -> !line.isBlank() && !line.startsWith("HTTP/status"))
        .reduce((first, second) -> second)
        .map(String::strip)
        .orElse("exit code " + exitCode);
  }
}
