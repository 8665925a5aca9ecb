package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.demo.EmbeddedDatabase;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.DatabaseRemoval;
import io.rackgateway.deploy.testing.RunningGateway;
import io.rackgateway.deploy.testing.StandInProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills {@code rollback --restore-database} with {@code kill -9} before and after everything that
 * it writes into its journal, and resumes it each time. Whatever was in the live database is in it
 * or in one that was kept, at the kill and at the end.
 */
@Tag("kill")
@Tag("postgres")
class HostRestoreKillIT {

  private static final int KILLED = 137;
  private static final String TOKEN = "rgw_kill_0123456789abcdef";
  private static final String ROWS =
      "SELECT 'audit ' || seq || ' ' || encode(event_hash, 'hex') FROM audit.audit_event UNION ALL"
          + " SELECT 'user ' || u::text FROM users u";

  @TempDir Path folder;

  private EmbeddedDatabase database;
  private int port;
  private Set<String> rows;

  @BeforeEach
  void prepare() throws Exception {
    database = EmbeddedDatabase.start(folder.resolve("database"));
    port = StandInProcess.freePort();
    release("v1.0.0", 6, "none");
    release("v1.1.0", 8, "none");
    Files.writeString(
        folder.resolve("gateway/gateway.env"),
        "PORT=%d%nRGW_DATABASE_URL=%s%nRACK_GATEWAY_API_TOKEN=%s%n"
            .formatted(port, database.appUrl(), TOKEN));
    Files.writeString(
        folder.resolve("rack-gateway.yml"),
        """
        gateway:
          name: kill
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
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(port));
    run("v1.0.0", "migrate").waitFor();
    start("v1.0.0");
    ToolProcess.Ended upgraded = tool(main(), "upgrade", "--to", "v1.1.0", "--yes");
    assertThat(upgraded.exitCode()).as(upgraded.output()).isZero();
    stopGateways();
    sql(
        "rack_gateway",
        "INSERT INTO audit.audit_event (user_email, action, resource, http_status)"
            + " SELECT 'ci@example.com', 'read', 'app-' || n, 200 FROM generate_series(1, 50) n");
    sql("rack_gateway", "INSERT INTO users (email) VALUES ('new@example.com')");
    sql("rack_gateway", "UPDATE users SET roles = '{root}' WHERE email = 'ci@example.com'");
    rows = rows("rack_gateway");
    sql("postgres", "CREATE DATABASE upgraded TEMPLATE rack_gateway");
    for (String kept : List.of("backups", ".rack-gateway")) {
      copy(folder.resolve(kept), folder.resolve("kept-" + kept));
    }
  }

  @AfterEach
  void end() {
    stopGateways();
    database.close();
  }

  @Test
  void aRestoreKilledAnywhereIsFinished() throws Exception {
    int points = story("", 0, "1.0.0");
    System.out.println("host: a restore was killed at " + points + " points");
    assertThat(points).isGreaterThan(40 / KillPoints.apart());
  }

  @Test
  void theUndoingOfARestoreKilledAnywhereIsFinished() throws Exception {
    release("v1.0.0", 6, "crash-at-start");
    int points = story("turnBack", 1, "1.1.0");
    System.out.println("host: the undoing of a restore was killed at " + points + " points");
    assertThat(points).isGreaterThan(25 / KillPoints.apart());
  }

  private int story(String from, int code, String version) throws Exception {
    int killings = 0;
    for (int point = 1; ; point += KillPoints.apart()) {
      reset();
      List<String> killing = List.of(KillAt.class.getName(), Integer.toString(point), from);
      ToolProcess.Ended killed = tool(killing, "rollback", "--restore-database", "--yes", "-v");
      assertNothingLost("at point " + point + "\n" + killed.output());
      if (killed.exitCode() != KILLED) {
        assertThat(killed.exitCode()).as(killed.output()).isEqualTo(code);
        return killings;
      }
      killings++;
      ToolProcess.Ended resumed = tool(main(), "resume", "-v");
      String as =
          "killed at point %d%n%s%nresumed%n%s".formatted(point, killed.output(), resumed.output());
      boolean nothingLeft = resumed.output().contains("no run of");
      assertThat(resumed.exitCode()).as(as).isEqualTo(nothingLeft ? 0 : code);
      String running = new RunningGateway(port, TOKEN).version();
      assertThat(running).as(as).isIn("1.0.0", "1.1.0");
      if (!nothingLeft) {
        assertThat(running).as(as).isEqualTo(version);
      }
      assertClean(running, as);
    }
  }

  private void assertClean(String version, String as) throws Exception {
    assertNothingLost(as);
    boolean restored = version.equals("1.0.0");
    assertThat(rows("rack_gateway").containsAll(rows)).as(as).isNotEqualTo(restored);
    assertThat(gateways()).as(as).hasSize(1);
    assertThat(folder.resolve("gateway/current").toRealPath())
        .as(as)
        .endsWithRaw(Path.of("v" + version));
    assertThat(folder.resolve("gateway/.rack-gateway-deploy/run.json")).as(as).doesNotExist();
    List<String> others =
        databases().stream().filter(name -> name.startsWith("rack_gateway_")).toList();
    // Restored: what was live before. Taken back: the copy, if it was live.
    if (restored) {
      assertThat(others).as(as).singleElement().asString().contains("_before_");
    } else {
      assertThat(others).as(as).noneMatch(name -> name.contains("_before_"));
    }
    try (Stream<Path> backups = Files.list(folder.resolve("backups"))) {
      assertThat(backups.map(Path::toString)).as(as).noneMatch(name -> name.contains("partial"));
    }
  }

  /** The live database and those that were kept hold every row that there was. */
  private void assertNothingLost(String as) throws SQLException {
    Set<String> found = new TreeSet<>();
    for (String name : databases()) {
      if (name.equals("rack_gateway") || name.contains("_before_")) {
        boolean shut =
            answers(
                    "postgres",
                    "SELECT 1 FROM pg_database WHERE datallowconn AND datname = '" + name + "'")
                .isEmpty();
        allow(name, true);
        found.addAll(rows(name));
        if (shut) {
          // It was shut when the run was killed, and is left so for the next to find.
          allow(name, false);
        }
      }
    }
    assertThat(found).as(as).containsAll(rows);
  }

  private void allow(String name, boolean connections) throws SQLException {
    sql("postgres", "ALTER DATABASE \"" + name + "\" ALLOW_CONNECTIONS " + connections);
  }

  private void reset() throws Exception {
    stopGateways();
    for (String kept : List.of("backups", ".rack-gateway")) {
      KillStory.delete(folder.resolve(kept));
      copy(folder.resolve("kept-" + kept), folder.resolve(kept));
    }
    KillStory.delete(folder.resolve("gateway/.rack-gateway-deploy"));
    for (String name : databases()) {
      if (name.startsWith("rack_gateway")) {
        try (Connection connection = connect("postgres")) {
          DatabaseRemoval.drop(connection, name);
        }
      }
    }
    sql("postgres", "CREATE DATABASE rack_gateway TEMPLATE upgraded");
    start("v1.1.0");
  }

  private void start(String version) throws Exception {
    Path link = folder.resolve("gateway/current");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("releases", version));
    Files.createDirectories(folder.resolve("gateway/run"));
    Files.createDirectories(folder.resolve("gateway/logs"));
    Process started = run(version);
    Files.writeString(folder.resolve("gateway/run/gateway.pid"), started.pid() + "\n");
    new RunningGateway(port, TOKEN).awaitHealthy();
  }

  private Process run(String version, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("./rack-gateway-api"));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toRealPath().resolve("gateway/releases").resolve(version).toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("gateway.log").toFile());
    builder.environment().putAll(environment());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("RGW_DATABASE_URL", database.appUrl());
    return builder.start();
  }

  private Map<String, String> environment() {
    return Map.of(
        "DATABASE_URL", database.appUrl(),
        "ADMIN_DATABASE_URL", database.adminUrl(),
        "RACK_GATEWAY_API_TOKEN", TOKEN);
  }

  private static List<String> main() {
    return List.of("io.rackgateway.deploy.cli.Main");
  }

  private ToolProcess.Ended tool(List<String> main, String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("-f", folder.resolve("rack-gateway.yml").toString()));
    return ToolProcess.run(environment(), main, words);
  }

  private void release(String version, int migrations, String fault) {
    DemoRelease.of(Version.parse(version), migrations, fault)
        .writeTo(folder.resolve("gateway/releases").resolve(version));
  }

  private List<ProcessHandle> gateways() throws IOException {
    Path releases = folder.resolve("gateway/releases").toRealPath();
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

  private void stopGateways() {
    try {
      for (ProcessHandle process : gateways()) {
        process.destroyForcibly();
        process.onExit().join();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> databases() throws SQLException {
    return List.copyOf(answers("postgres", "SELECT datname FROM pg_database"));
  }

  private Set<String> rows(String name) throws SQLException {
    return answers(name, ROWS);
  }

  private Set<String> answers(String name, String sql) throws SQLException {
    Set<String> answers = new TreeSet<>();
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        answers.add(row.getString(1));
      }
    }
    return answers;
  }

  private void sql(String name, String text) throws SQLException {
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private Connection connect(String name) throws SQLException {
    String[] login = URI.create(database.adminUrl()).getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + name, login[0], login[1]);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }
}
