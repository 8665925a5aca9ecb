package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.demo.EmbeddedDatabase;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.StandInProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A gateway v1.0.0 on this machine with its database, and releases to upgrade it to. */
final class HostSite implements AutoCloseable {

  static final String GOOD = "v1.1.0";
  static final String CRASHES_AT_START = "v1.1.1";
  static final String CRASHES_AFTER_START = "v1.1.2";
  static final String UNHEALTHY = "v1.1.3";
  static final String WRONG_VERSION = "v1.1.4";
  static final String MIGRATION_FAILS = "v1.1.5";
  static final String ANSWERS_ERRORS = "v1.1.6";

  /** The start of all commands that change something. */
  static final String TOKEN = "rgw_e2e_0123456789abcdef";

  private static final Map<String, String> FAULTS =
      Map.of(
          "v1.0.0",
          "none",
          GOOD,
          "none",
          CRASHES_AT_START,
          "crash-at-start",
          CRASHES_AFTER_START,
          "crash-after-start",
          UNHEALTHY,
          "unhealthy",
          WRONG_VERSION,
          "wrong-version",
          MIGRATION_FAILS,
          "migrate-fails",
          ANSWERS_ERRORS,
          "log-errors");

  final Path folder;
  final int port;
  final TestDatabase database;
  private final EmbeddedDatabase server;
  private Tool tool;

  private HostSite(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.port = StandInProcess.freePort();
    this.server = EmbeddedDatabase.start(this.folder.resolve("database"));
    this.database = new TestDatabase(server.adminUrl(), server.appUrl());
  }

  static HostSite prepare(Path folder) throws Exception {
    HostSite site = new HostSite(folder);
    try {
      site.write();
      site.migrate();
      site.database.keepAsPristine();
      site.reset();
    } catch (Exception e) {
      site.close();
      throw e;
    }
    return site;
  }

  private void write() throws IOException {
    for (Map.Entry<String, String> release : FAULTS.entrySet()) {
      String version = release.getKey();
      Path place = gateway().resolve("releases").resolve(version);
      int migrations = version.equals("v1.0.0") ? 6 : 8;
      boolean wrong = release.getValue().equals("wrong-version");
      DemoRelease.of(
              Version.parse(wrong ? "v1.9.9" : version),
              migrations,
              wrong ? "none" : release.getValue())
          .writeTo(place);
      // Migrations that wait until they are let on.
      script(
          place.resolve("held-migrate"),
          """
          #!/bin/sh
          while [ ! -e ../../../go ]; do sleep 0.02; done
          exec ./rack-gateway-api migrate
          """);
    }
    Files.writeString(
        gateway().resolve("gateway.env"),
        "PORT=%d%nRGW_DATABASE_URL=%s%nRACK_GATEWAY_API_TOKEN=%s%n"
            .formatted(port, database.appUrl(), TOKEN));
  }

  /** The configuration; tests vary it with {@code --set}. */
  String configuration() {
    return """
        gateway:
          name: production
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          host:
            directory: gateway
            command: [./rack-gateway-api]
            environmentFile: gateway/gateway.env
            startTime: 200ms
        database:
          url: ${DATABASE_URL}
          adminUrl: ${ADMIN_DATABASE_URL}
        backup: {pgDump: {}, prove: listed}
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        verify:
          timeout: 10s
        releases: {none: {reason: this test is not about upstream}}
        """
        .formatted(port);
  }

  static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void migrate() throws Exception {
    ProcessBuilder migrate =
        new ProcessBuilder("./rack-gateway-api", "migrate")
            .directory(gateway().resolve("releases/v1.0.0").toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("migrate.log").toFile());
    migrate.environment().putAll(environment());
    assertThat(migrate.start().waitFor()).isZero();
  }

  /** v1.0.0 runs, on a database of its own schema, and nothing is left of earlier runs. */
  void reset() throws Exception {
    if (tool != null) {
      tool.close();
    }
    stopGateways();
    for (String left :
        List.of(
            "backups",
            ".rack-gateway",
            "gateway/run",
            "gateway/logs",
            "go",
            "gateway/.rack-gateway-deploy",
            "said")) {
      delete(folder.resolve(left));
    }
    tool = new Tool(folder, folder.resolve("said"), environment());
    Files.writeString(folder.resolve("rack-gateway.yml"), configuration());
    database.makePristine();
    point("v1.0.0");
    startGateway();
  }

  private void point(String version) throws IOException {
    Path link = gateway().resolve("current");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("releases", version));
  }

  /** As an operator would who has no tool. */
  private void startGateway() throws Exception {
    Files.createDirectories(gateway().resolve("run"));
    Files.createDirectories(gateway().resolve("logs"));
    ProcessBuilder first =
        new ProcessBuilder("./rack-gateway-api")
            .directory(gateway().resolve("current").toRealPath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(gateway().resolve("logs/v1.0.0.log").toFile());
    first.environment().put("PORT", Integer.toString(port));
    first.environment().put("RGW_DATABASE_URL", database.appUrl());
    first.environment().put("RACK_GATEWAY_API_TOKEN", TOKEN);
    Files.writeString(gateway().resolve("run/gateway.pid"), first.start().pid() + "\n");
    Await.until("the gateway to answer", () -> version().equals("v1.0.0"));
  }

  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("DATABASE_URL", database.appUrl());
    environment.put("ADMIN_DATABASE_URL", database.adminUrl());
    environment.put("RACK_GATEWAY_API_TOKEN", TOKEN);
    return environment;
  }

  Tool tool() {
    return tool;
  }

  Path gateway() {
    return folder.resolve("gateway");
  }

  Path journalFile() {
    return folder.resolve(".rack-gateway/journal.mv.db");
  }

  /** Lets held migrations and dumps on. */
  void go() throws IOException {
    Files.writeString(folder.resolve("go"), "");
  }

  /** The version that answers, as the gateway tells it. */
  String version() {
    return new GatewayAnswer(port, TOKEN).version();
  }

  /** Exactly one gateway of the version runs and answers, and no run has left anything. */
  void assertRuns(String version, Ended as) throws IOException {
    String text = as.toString();
    assertThat(version()).as("version; %s", text).isEqualTo(version);
    assertThat(gateways()).as("gateways; %s", text).hasSize(1);
    assertThat(Files.readSymbolicLink(gateway().resolve("current")))
        .as(text)
        .isEqualTo(Path.of("releases", version));
    assertThat(names(gateway().resolve(".rack-gateway-deploy"))).as("marks; %s", text).isEmpty();
    assertThat(names(gateway()))
        .as("left in the folder; %s", text)
        .isSubsetOf("releases", "current", "gateway.env", "run", "logs", ".rack-gateway-deploy");
    assertThat(names(gateway().resolve("releases")))
        .as("releases; %s", text)
        .noneMatch(name -> name.startsWith("."));
    assertThat(names(folder.resolve("backups")))
        .as("backups; %s", text)
        .noneMatch(name -> name.contains("partial"));
    assertThat(folder.resolve(".rack-gateway/journal.owner")).as(text).doesNotExist();
  }

  /** v1.0.0 runs as it did, in the very process, and no run was recorded. */
  void assertUntouched(Ended as) throws IOException {
    assertRuns("v1.0.0", as);
    assertThat(names(folder.resolve("backups"))).as(as.toString()).isEmpty();
    String pid = Files.readString(gateway().resolve("run/gateway.pid")).strip();
    assertThat(pid).as(as.toString()).isEqualTo(Long.toString(gateways().get(0).pid()));
  }

  static List<String> names(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Every gateway of this site, however it was started: by the folder its process runs in. */
  List<ProcessHandle> gateways() throws IOException {
    Path releases = gateway().resolve("releases").toRealPath();
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                return Path.of("/proc/" + process.pid() + "/cwd").toRealPath().startsWith(releases);
              } catch (IOException e) {
                return false;
              }
            })
        .toList();
  }

  private void stopGateways() throws IOException {
    for (ProcessHandle process : gateways()) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (tool != null) {
      tool.close();
    }
    stopGateways();
    server.close();
  }
}
