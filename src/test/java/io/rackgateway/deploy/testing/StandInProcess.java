package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A stand-in gateway running from a release folder. Ended on close, if it has not ended. */
public final class StandInProcess implements AutoCloseable {

  private static final long LIMIT_SECONDS = 20;

  private final Process process;
  private final Path log;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private StandInProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts the program in a release's folder on a free port; its output goes to a file there. */
  public static StandInProcess start(
      Path release, Map<String, String> environment, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("./" + DemoRelease.PROGRAM));
    words.addAll(List.of(arguments));
    Path log = release.resolve("output.log");
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(release.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().putAll(environment);
    return new StandInProcess(builder.start(), log, port);
  }

  /** A port of 127.0.0.1 that nobody listens on now. */
  public static int freePort() {
    return Ports.free();
  }

  public int port() {
    return port;
  }

  public Process process() {
    return process;
  }

  public String output() throws IOException {
    return Files.readString(log);
  }

  /** Waits until it accepts requests. */
  public StandInProcess awaitUp() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      try {
        get("/api/v1/health");
        return this;
      } catch (IOException e) {
        assertThat(process.isAlive()).as("alive, having said: %s", output()).isTrue();
        assertThat(System.nanoTime()).as("up in time").isLessThan(end);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  /** Waits for its end and returns its exit code. */
  public int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return process.exitValue();
  }

  /** Sends a GET request. */
  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
