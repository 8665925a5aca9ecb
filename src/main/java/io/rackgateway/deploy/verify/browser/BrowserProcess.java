package io.rackgateway.deploy.verify.browser;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A browser without a window, with an empty profile of its own that goes with it. */
final class BrowserProcess implements AutoCloseable {

  private static final Pattern ENDPOINT = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration END = Duration.ofSeconds(10);

  private final String program;
  private final Waits waits;
  private final Path profile;
  private final Cancellation stop = new Cancellation();
  private final Waits.Wakeup changed = new Waits.Wakeup();
  private final AtomicReference<@Nullable String> endpoint = new AtomicReference<>();
  private final AtomicReference<@Nullable Problem> ended = new AtomicReference<>();
  private final Thread thread;

  BrowserProcess(String program, Commands commands, Waits waits) {
    this.program = program;
    this.waits = waits;
    try {
      this.profile = Files.createTempDirectory("rack-gateway-browser");
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "no folder could be made for the browser's profile: " + IoFailure.describe(e),
              "make room for temporary files, or set TMPDIR"),
          e);
    }
    this.thread = new Thread(() -> run(commands), "browser");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Commands commands) {
    try {
      CommandResult result =
          commands.run(
              Command.of(words()).withTimeout(LONGEST),
              line -> {
                Matcher matcher = ENDPOINT.matcher(line);
                if (matcher.find()) {
                  endpoint.set(matcher.group(1));
                  changed.signal();
                }
              },
              stop);
      ended.set(
          Problem.of(
              "the browser " + program + " ended by itself: " + result.reason(),
              "start it by hand with --headless=new"));
    } catch (DeployException.StepFailed e) {
      ended.set(
          Problem.of(
              e.problem().summary()
                  + "; install Chromium or Chrome, name it in verify.browser.program, or leave"
                  + " verify.browser out",
              "install the browser"));
    } catch (DeployException e) {
      ended.set(e.problem());
    } finally {
      changed.signal();
    }
  }

  private List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                program,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--disable-gpu",
                "--disable-dev-shm-usage"));
    // Chromium's sandbox does not run as root, and says so and ends.
    if (System.getProperty("user.name", "").equals("root")) {
      words.add("--no-sandbox");
    }
    words.add("about:blank");
    return words;
  }

  /**
   * Where the browser listens, once it does.
   *
   * @throws DeployException.StepFailed if it cannot be started, ends, or does not say in time
   */
  String awaitEndpoint(Duration limit) {
    Optional<String> told =
        waits.until(
            "the browser " + program,
            limit,
            POLL,
            changed,
            () -> {
              Problem problem = ended.get();
              if (problem != null) {
                throw new DeployException.StepFailed(problem);
              }
              return Optional.ofNullable(endpoint.get());
            });
    return told.orElseThrow(
        () ->
            new DeployException.StepFailed(
                "the browser " + program + " did not start within " + limit.toSeconds() + " s",
                "start it by hand with --headless=new, or raise verify.browser.timeout"));
  }

  @Override
  public void close() {
    stop.request("the check is over");
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(END.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder that a last process of the browser still writes to; the system clears
      // it.
    }
  }
}
