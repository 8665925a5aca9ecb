package io.rackgateway.deploy.demo;

import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A site to try the tool on: a folder with an embedded PostgreSQL, three releases of the stand-in
 * gateway of which the newest is bad, the oldest one running, and a configuration for all that.
 */
public final class DemoSite implements AutoCloseable {

  /** In the folder, so that no other folder is ever taken for a demo's and emptied. */
  private static final String MARKER = ".rack-gateway-demo";

  private static final String TOKEN = "rgw_demo_0123456789abcdef";
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int PORTS_TRIED = 1_000;

  private final Path folder;
  private final EmbeddedDatabase database;
  private final int port;

  private DemoSite(Path folder, EmbeddedDatabase database, int port) {
    this.folder = folder;
    this.database = database;
    this.port = port;
  }

  /**
   * Makes the site and starts the gateway.
   *
   * @throws DeployException.Usage if the folder holds something else, or it cannot be started here
   */
  public static DemoSite prepare(Path directory) {
    Path folder = directory.toAbsolutePath().normalize();
    try {
      empty(folder);
      Files.createDirectories(folder.resolve("gateway"));
      Files.writeString(folder.resolve(MARKER), "a folder of 'rack-gateway-deploy demo'\n");
      EmbeddedDatabase database = EmbeddedDatabase.start(folder.resolve("database"));
      DemoSite site = new DemoSite(folder, database, freePort());
      try {
        site.write();
        site.startFirstRelease();
      } catch (IOException | RuntimeException e) {
        site.close();
        throw e;
      }
      return site;
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the demo cannot be set up in " + folder + ": " + e,
          "give it a folder that can be written with --directory");
    }
  }

  public Path folder() {
    return folder;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The configuration file. */
  public String configuration() {
    return folder.resolve("rack-gateway.yml").toString();
  }

  public Path backups() {
    return folder.resolve("backups");
  }

  public Path journal() {
    return folder.resolve(".rack-gateway").resolve("journal.mv.db");
  }

  public Path logs() {
    return folder.resolve("gateway").resolve("logs");
  }

  /** What the configuration refers to. */
  public Map<String, String> environment() {
    return new TreeMap<>(
        Map.of(
            "DATABASE_URL", database.appUrl(),
            "ADMIN_DATABASE_URL", database.adminUrl(),
            "RACK_GATEWAY_API_TOKEN", TOKEN));
  }

  /** Stops the gateway and the database. */
  @Override
  public void close() {
    try {
      stopGateway();
    } finally {
      database.close();
    }
  }

  private void write() throws IOException {
    Path releases = folder.resolve("gateway").resolve("releases");
    release("v1.0.0", 6, "none").writeTo(releases.resolve("v1.0.0"));
    release("v1.1.0", 8, "none").writeTo(releases.resolve("v1.1.0"));
    release("v1.2.0", 9, "unhealthy").writeTo(releases.resolve("v1.2.0"));
    new DemoUpstream(folder.resolve("upstream"))
        .publish("v1.0.0", 6, "The first release.")
        .publish(
            "v1.1.0", 8, "## Security\n\n- Sessions end when a user is deleted (CVE-2026-10001).")
        .publish("v1.2.0", 9, "## What's new\n\n- Faster.\n\nNo breaking changes.");
    Files.createSymbolicLink(
        folder.resolve("gateway").resolve("current"), Path.of("releases", "v1.0.0"));
    Files.writeString(
        folder.resolve("gateway").resolve("gateway.env"),
        "PORT=%d%nRGW_DATABASE_URL=%s%nRACK_GATEWAY_API_TOKEN=%s%n"
            .formatted(port, database.appUrl(), TOKEN));
    Files.writeString(
        folder.resolve("rack-gateway.yml"),
        """
        # The configuration of the demo. A real one looks the same.
        gateway:
          name: demo
          url: %s
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          host:
            directory: gateway
            command: [./rack-gateway-api]
            environmentFile: gateway/gateway.env
        database:
          url: ${DATABASE_URL}
          adminUrl: ${ADMIN_DATABASE_URL}
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        releases: # a real one leaves this out, and GitHub is asked
          file: { notes: upstream/releases.json, source: upstream/source }
        verify:
          timeout: 5s
        """
            .formatted(url()));
  }

  private static DemoRelease release(String version, int migrations, String fault) {
    return DemoRelease.of(Version.parse(version), migrations, fault);
  }

  /** Deploys the first release as its operator would have: migrate, start, note the process id. */
  private void startFirstRelease() throws IOException {
    Path gateway = folder.resolve("gateway");
    Path current = gateway.resolve("current").toRealPath();
    Commands commands = new SystemCommands(ProcessBuilder::new, new Cancellation(), Map::of);
    Command program = Command.of("./" + DemoRelease.PROGRAM).in(current);
    CommandResult migrated =
        commands.run(
            Command.of("./" + DemoRelease.PROGRAM, "migrate")
                .in(current)
                .withEnvironment(environment()));
    if (!migrated.succeeded()) {
      throw new DeployException.Usage(
          "the demo's gateway could not migrate its database: " + migrated.reason(),
          "look into " + folder);
    }
    Files.createDirectories(gateway.resolve("logs"));
    Files.createDirectories(gateway.resolve("run"));
    long pid =
        commands.launch(
            program.withEnvironment(
                Map.of(
                    "PORT", Integer.toString(port),
                    "RGW_DATABASE_URL", database.appUrl(),
                    "RACK_GATEWAY_API_TOKEN", TOKEN)),
            gateway.resolve("logs").resolve("v1.0.0.log"));
    Files.writeString(pidFile(), pid + "\n");
    boolean answers =
        new Waits(Clock.systemUTC(), new Cancellation(), Events.none())
            .untilTrue("the gateway to answer", START, POLL, new Waits.Wakeup(), this::answers);
    if (!answers) {
      throw new DeployException.Usage(
          "the demo's gateway does not answer at " + url(), "look into " + logs());
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url() + "/api/v1/health").toURL().openConnection();
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  private void stopGateway() {
    Optional<ProcessHandle> gateway = gatewayProcess();
    if (gateway.isEmpty()) {
      return;
    }
    gateway.get().destroy();
    try {
      gateway.get().onExit().get(START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      gateway.get().destroyForcibly();
    } catch (InterruptedException e) {
      gateway.get().destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ProcessHandle> gatewayProcess() {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile()).get(0).strip()));
    } catch (IOException e) {
      // Never started: nothing to stop.
      return Optional.empty();
    }
  }

  private Path pidFile() {
    return folder.resolve("gateway").resolve("run").resolve("gateway.pid");
  }

  /** Removes what an earlier demo left, and nothing else. */
  private static void empty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.exists(folder.resolve(MARKER))) {
      throw new DeployException.Usage(
          folder + " exists and is not a demo's folder",
          "name another one with --directory, or remove it");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * Below the ports that systems give to outgoing connections: one of them could have the gateway's
   * just when it comes back to it.
   */
  private static int freePort() throws IOException {
    Random random = new Random();
    for (int i = 0; i < PORTS_TRIED; i++) {
      int port = 20_000 + random.nextInt(10_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // Somebody listens there.
      }
    }
    throw new BindException("no free port was found");
  }
}
