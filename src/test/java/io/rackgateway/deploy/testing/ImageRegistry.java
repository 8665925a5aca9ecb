package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real image registry on a port of this machine, empty at first. Ended on close. */
public final class ImageRegistry implements AutoCloseable {

  /** The one user of a registry with a password. */
  public static final String USER = "ci";

  public static final String PASSWORD = "correct horse";

  /** {@link #PASSWORD} by bcrypt, the one hash that the registry's password files know. */
  private static final String PASSWORD_HASH =
      "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final int port;
  private final Path log;

  private ImageRegistry(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param folder an empty folder for what it stores
   */
  public static ImageRegistry start(Path folder) throws IOException, InterruptedException {
    return start(folder, "");
  }

  /** Starts it so that it answers {@link #USER} with {@link #PASSWORD} alone, by basic auth. */
  public static ImageRegistry startWithPassword(Path folder)
      throws IOException, InterruptedException {
    Path passwords = folder.resolve("htpasswd");
    Files.writeString(passwords, USER + ":" + PASSWORD_HASH + "\n");
    return start(folder, "auth: { htpasswd: { realm: test, path: '%s' } }".formatted(passwords));
  }

  private static ImageRegistry start(Path folder, String more)
      throws IOException, InterruptedException {
    String program = System.getenv("RGD_TEST_REGISTRY");
    assertThat(program).as("variable RGD_TEST_REGISTRY of the test environment").isNotEmpty();
    int port = DockerFixture.freePort();
    Path config = folder.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        storage: { filesystem: { rootdirectory: '%s' } }
        http: { addr: '127.0.0.1:%d' }
        %s
        """
            .formatted(folder.resolve("data"), port, more));
    Path log = folder.resolve("registry.log");
    Process process =
        new ProcessBuilder(program, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ImageRegistry registry = new ImageRegistry(process, port, log);
    registry.awaitStart();
    return registry;
  }

  private void awaitStart() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address() + "/v2/")).build();
    HttpClient http = HttpClient.newHttpClient();
    long start = System.nanoTime();
    while (true) {
      try {
        http.send(request, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        boolean late = System.nanoTime() - start > LIMIT.toNanos();
        assertThat(process.isAlive() && !late)
            .as("the registry answers: %s", Files.readString(log))
            .isTrue();
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  /** Host and port, as image references begin with. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
