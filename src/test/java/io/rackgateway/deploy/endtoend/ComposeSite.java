package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.testing.DockerFixture;
import io.rackgateway.deploy.testing.GatewayImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Compose project of a gateway v1.0.0 and its database, on a real engine. */
final class ComposeSite implements AutoCloseable {

  static final String TOKEN = "rgw_compose_0123456789abcdef";

  private static final String ADMIN_PASSWORD = "c0mpose-4dmin";

  final Path folder;
  final DockerFixture docker;
  final int port = DockerFixture.freePort();
  final int proxyPort = DockerFixture.freePort();
  final TestDatabase database;
  private final Path directory;
  private final int databasePort = DockerFixture.freePort();
  private final int instances;
  private final PortRange range;
  private final String compose;
  private Tool tool;
  private Proxy proxy;

  /**
   * @param compose {@code v1} or {@code v2}
   * @param faults version tags of the releases to make, with what each does wrong
   */
  ComposeSite(Path folder, String compose, Map<String, String> faults) throws Exception {
    this(folder, compose, 1, faults);
  }

  /**
   * @param instances how many gateways run; several are behind HAProxy
   */
  ComposeSite(Path folder, String compose, int instances, Map<String, String> faults)
      throws Exception {
    this.instances = instances;
    this.range = PortRange.free(2 * instances);
    this.folder = folder.toRealPath();
    this.compose = compose;
    this.docker = new DockerFixture(Files.createDirectories(this.folder.resolve("unused")));
    this.directory = Files.createDirectory(this.folder.resolve(docker.name()));
    String url = "postgres://gateway:%s@127.0.0.1:%d/gateway?sslmode=disable";
    String local = url.formatted(ADMIN_PASSWORD, databasePort);
    this.database = new TestDatabase(local, local);
    try {
      for (Map.Entry<String, String> fault : faults.entrySet()) {
        build(fault.getKey(), fault.getValue());
      }
      write("recreate");
      up("db");
      Await.until("the database", this::databaseAnswers);
      compose("run", "--rm", "--no-deps", "gateway", "./rack-gateway-api", "migrate");
      database.keepAsPristine();
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private void build(String version, String fault) throws Exception {
    Path context = Files.createDirectories(folder.resolve("images").resolve(version));
    int migrations = version.equals("v1.0.0") ? 6 : 8;
    GatewayImages.build(
        DemoRelease.of(Version.parse(version), migrations, fault),
        System.getenv("RGD_TEST_JRE_IMAGE"),
        docker.repository() + ":" + version,
        context);
  }

  private boolean databaseAnswers() {
    try (var connection = database.connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The project's folder. */
  Path directory() {
    return directory;
  }

  Path composeFile() {
    return directory.resolve("compose.yaml");
  }

  /** Writes the project and the configuration, as for v1.0.0. */
  private void write(String strategy, String... settings) throws Exception {
    boolean beside = proxied(strategy);
    Files.writeString(
        composeFile(),
        """
        # The project of a test.
        services:
          gateway:
            image: "%s:v1.0.0"   # the version
            environment:
              RGW_DATABASE_URL: postgres://gateway:%s@db:5432/gateway?sslmode=disable
              RACK_GATEWAY_API_TOKEN: %s
            ports: ['127.0.0.1:%s:8080']
        %s  db:
            image: %s
            environment: {POSTGRES_USER: gateway, POSTGRES_DB: gateway, POSTGRES_PASSWORD: %s}
            ports: ['127.0.0.1:%d:5432']
        """
            .formatted(
                docker.repository(),
                ADMIN_PASSWORD,
                TOKEN,
                beside ? range : port,
                String.join("", settings),
                System.getenv("RGD_TEST_POSTGRES_IMAGE"),
                ADMIN_PASSWORD,
                databasePort));
    Files.writeString(
        folder.resolve("rack-gateway.yml"),
        """
        gateway:
          name: production
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        image: %s
        deploy:
          compose:
            directory: %s
            tool: %s
            strategy: %s
            settle: 2s
            stopTimeout: 3s
        database:
          url: ${DATABASE_URL}
        backup: {pgDump: {}, prove: listed}
        migrate:
          environment:
            MIGRATE_SECRET: ${MIGRATE_SECRET}
        verify:
          timeout: 10s
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(
                beside ? proxyPort : port,
                docker.repository(),
                directory.getFileName(),
                compose,
                strategy));
  }

  /**
   * v1.0.0 runs, with nothing left of earlier runs.
   *
   * @param settings more lines of the gateway's service, indented
   */
  void reset(String strategy, String... settings) throws Exception {
    if (tool != null) {
      tool.close();
    }
    if (proxy != null) {
      proxy.close();
      proxy = null;
    }
    write(strategy, settings);
    compose("rm", "--stop", "--force", "gateway");
    HostSite.delete(folder.resolve("backups"));
    HostSite.delete(folder.resolve(".rack-gateway"));
    HostSite.delete(folder.resolve("said"));
    database.makePristine();
    tool = new Tool(folder, folder.resolve("said"), environment());
    compose("up", "-d", "--no-deps", "--scale", "gateway=" + instances, "gateway");
    if (proxied(strategy)) {
      proxy = new Proxy(folder, proxyPort, range.ports());
    }
    int answering = proxy == null ? port : proxyPort;
    Await.until(
        "the gateway to answer",
        () -> new GatewayAnswer(answering, TOKEN).version().equals("v1.0.0"));
  }

  private boolean proxied(String strategy) {
    return instances > 1 || strategy.equals("start-first");
  }

  private void up(String service) {
    compose("up", "-d", "--no-deps", service);
  }

  /** Runs a Compose command on the project. */
  void compose(String... arguments) {
    List<String> words =
        new ArrayList<>(
            compose.equals("v1") ? List.of("docker-compose") : List.of("docker", "compose"));
    words.addAll(List.of(arguments));
    CommandResult result = docker.commands().run(Command.of(words).in(directory));
    assertThat(result.succeeded()).as("%s: %s", result.command(), result.tail()).isTrue();
  }

  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(docker.environment());
    environment.put("DATABASE_URL", database.adminUrl());
    environment.put("RACK_GATEWAY_API_TOKEN", TOKEN);
    environment.put("MIGRATE_SECRET", "m1grate-s3cret");
    return environment;
  }

  Tool tool() {
    return tool;
  }

  String version() {
    return new GatewayAnswer(proxy == null ? port : proxyPort, TOKEN).version();
  }

  /** Gateways of the version alone run and answer, and nothing else of a run is left. */
  void assertRuns(String version, Ended as) throws Exception {
    String text = as.toString();
    assertThat(version()).as("version; %s", text).isEqualTo(version);
    assertThat(
            docker
                .docker(
                    "ps",
                    "--all",
                    "--filter",
                    "name=" + docker.name(),
                    "--format",
                    "{{.Image}} {{.State}}")
                .lines()
                .filter(line -> !line.startsWith("rgd-test-postgres")))
        .as("containers; %s", text)
        .hasSize(instances)
        .containsOnly(docker.repository() + ":" + version + " running");
    assertThat(Files.readString(composeFile()))
        .as(text)
        .contains("image: \"" + docker.repository() + ":" + version + "\"   # the version");
    assertThat(HostSite.names(directory)).as(text).containsExactly("compose.yaml");
    assertThat(HostSite.names(folder.resolve("backups")))
        .as("backups; %s", text)
        .noneMatch(name -> name.contains("partial"));
  }

  @Override
  public void close() {
    if (tool != null) {
      tool.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    docker.close();
  }
}
