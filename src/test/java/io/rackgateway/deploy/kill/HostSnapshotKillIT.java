package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.testing.RdsStandIn;
import io.rackgateway.deploy.testing.RunningGateway;
import io.rackgateway.deploy.testing.StandInProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills {@code rollback --restore-database} from an RDS snapshot with {@code kill -9} at some of
 * the points at which it writes into its journal, and resumes it each time. The live instance and
 * the restored one are real PostgreSQL servers behind a stand-in of the RDS API.
 */
@Tag("kill")
@Tag("postgres")
class HostSnapshotKillIT {

  private static final int KILLED = 137;
  private static final int APART = KillPoints.apart(7);
  private static final String TOKEN = "rgw_kill_0123456789abcdef";
  private static final String ADMIN = "rack_gateway_admin";
  private static final String APP = "rack_gateway_app";
  private static final String NAME = "rack_gateway";

  @TempDir Path folder;
  @TempDir Path liveFolder;
  @TempDir Path otherFolder;

  private TestPostgres live;
  private TestPostgres other;
  private RdsStandIn rds;
  private int port;
  private long rows;

  @BeforeEach
  void prepare() throws Exception {
    live = TestPostgres.start(liveFolder);
    other = TestPostgres.start(otherFolder);
    for (TestPostgres server : List.of(live, other)) {
      server.execute(
          "postgres",
          "CREATE ROLE " + ADMIN + " LOGIN CREATEDB PASSWORD 'adm1n'",
          "CREATE ROLE " + APP + " LOGIN PASSWORD '4pp'",
          "CREATE DATABASE " + NAME + " OWNER " + ADMIN);
    }
    rds = new RdsStandIn();
    rds.addInstance("gateway");
    rds.answersAt("gateway", "localhost", live.port());
    rds.restoredAnswerAt("127.0.0.1", other.port());
    port = StandInProcess.freePort();
    release("v1.0.0", 6, "none");
    release("v1.1.0", 8, "none");
    Files.writeString(folder.resolve("gateway/gateway.env"), variables());
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
        backup:
          rds: {instance: gateway, region: eu-west-1, endpoint: "%s"}
          prove: listed
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(port, rds.endpoint()));
    run("v1.0.0", url("localhost", other, ADMIN, "adm1n"), "migrate").waitFor();
    run("v1.0.0", url("localhost", live, ADMIN, "adm1n"), "migrate").waitFor();
    start("v1.0.0");
    ToolProcess.Ended upgraded = tool(main(), "upgrade", "--to", "v1.1.0", "--yes");
    assertThat(upgraded.exitCode()).as(upgraded.output()).isZero();
    stopGateways();
    live.execute(NAME, "INSERT INTO users (email) VALUES ('new@example.com')");
    rows = count(live);
    live.execute("postgres", "CREATE DATABASE upgraded TEMPLATE " + NAME);
    other.execute("postgres", "CREATE DATABASE snapshot TEMPLATE " + NAME);
    copy(folder.resolve(".rack-gateway"), folder.resolve("kept"));
  }

  @AfterEach
  void end() throws IOException {
    stopGateways();
    rds.close();
    live.close();
    other.close();
  }

  @Test
  void aTakeOverKilledAnywhereIsFinished() throws Exception {
    int points = story("", 0);
    System.out.println("host, rds: a restore was killed at " + points + " points");
    assertThat(points).isGreaterThan(5);
  }

  @Test
  void theUndoingOfATakeOverKilledAnywhereIsFinished() throws Exception {
    release("v1.0.0", 6, "crash-at-start");
    int points = story("turnBack", 1);
    System.out.println("host, rds: the undoing of a restore was killed at " + points + " points");
    assertThat(points).isGreaterThan(3);
  }

  private int story(String from, int code) throws Exception {
    int points = 0;
    for (int point = 2; ; point += APART) {
      reset();
      List<String> killing = List.of(KillAt.class.getName(), Integer.toString(point), from);
      ToolProcess.Ended killed = tool(killing, "rollback", "--restore-database", "--yes", "-v");
      assertNothingLost("at point " + point + "\n" + killed.output());
      if (killed.exitCode() != KILLED) {
        assertThat(killed.exitCode()).as(killed.output()).isEqualTo(code);
        assertClean(code == 0, killed.output());
        return points;
      }
      points++;
      ToolProcess.Ended resumed = tool(main(), "resume", "-v");
      String as =
          "killed at point %d%n%s%nresumed%n%s".formatted(point, killed.output(), resumed.output());
      boolean nothingLeft = resumed.output().contains("no run of");
      assertThat(resumed.exitCode()).as(as).isEqualTo(nothingLeft ? 0 : code);
      boolean restored = new RunningGateway(port, TOKEN).version().equals("1.0.0");
      if (!nothingLeft) {
        assertThat(restored).as(as).isEqualTo(code == 0);
      }
      assertClean(restored, as);
    }
  }

  private void assertClean(boolean restored, String as) throws Exception {
    assertNothingLost(as);
    String file = Files.readString(folder.resolve("gateway/gateway.env"));
    assertThat(file)
        .as(as)
        .isEqualTo(
            restored
                ? variables().replace("localhost:" + live.port(), "127.0.0.1:" + other.port())
                : variables());
    assertThat(gateways()).as(as).hasSize(1);
    assertThat(folder.resolve("gateway/current").toRealPath())
        .as(as)
        .endsWithRaw(Path.of(restored ? "v1.0.0" : "v1.1.0"));
    assertThat(folder.resolve("gateway/.rack-gateway-deploy/run.json")).as(as).doesNotExist();
    String open = "SELECT datallowconn FROM pg_database WHERE datname = '" + NAME + "'";
    // What nobody should write to any more is shut.
    assertThat(live.query("postgres", open)).as(as).isEqualTo(restored ? "f" : "t");
  }

  /** The instance that was live is there and holds all that was written. */
  private void assertNothingLost(String as) throws Exception {
    assertThat(rds.instances()).as(as).contains("gateway");
    String open = "SELECT datallowconn FROM pg_database WHERE datname = '" + NAME + "'";
    boolean shut = live.query("postgres", open).equals("f");
    live.execute("postgres", "ALTER DATABASE " + NAME + " ALLOW_CONNECTIONS true");
    assertThat(count(live)).as(as).isGreaterThanOrEqualTo(rows);
    if (shut) {
      live.execute("postgres", "ALTER DATABASE " + NAME + " ALLOW_CONNECTIONS false");
    }
  }

  private static long count(TestPostgres server) throws Exception {
    return Long.parseLong(
        server.query(
            NAME,
            "SELECT (SELECT count(*) FROM audit.audit_event) + (SELECT count(*) FROM users)"));
  }

  private void reset() throws Exception {
    stopGateways();
    KillStory.delete(folder.resolve(".rack-gateway"));
    copy(folder.resolve("kept"), folder.resolve(".rack-gateway"));
    KillStory.delete(folder.resolve("gateway/.rack-gateway-deploy"));
    Files.writeString(folder.resolve("gateway/gateway.env"), variables());
    Set<String> instances = new TreeSet<>(rds.instances());
    instances.remove("gateway");
    instances.forEach(rds::removeInstance);
    rds.instance("gateway").tags.clear();
    renew(live, "upgraded");
    renew(other, "snapshot");
    start("v1.1.0");
  }

  private static void renew(TestPostgres server, String template) throws Exception {
    server.execute(
        "postgres",
        "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)",
        "CREATE DATABASE " + NAME + " OWNER " + ADMIN + " TEMPLATE " + template);
  }

  private String variables() {
    return "# the gateway\nPORT=%d\nRGW_DATABASE_URL=%s\nRACK_GATEWAY_API_TOKEN=%s\n"
        .formatted(port, url("localhost", live, APP, "4pp"), TOKEN);
  }

  private static String url(String host, TestPostgres server, String user, String password) {
    return "postgres://%s:%s@%s:%d/%s?sslmode=disable"
        .formatted(user, password, host, server.port(), NAME);
  }

  private void start(String version) throws Exception {
    Path link = folder.resolve("gateway/current");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("releases", version));
    Files.createDirectories(folder.resolve("gateway/run"));
    Files.createDirectories(folder.resolve("gateway/logs"));
    Process started = run(version, url("localhost", live, ADMIN, "adm1n"));
    Files.writeString(folder.resolve("gateway/run/gateway.pid"), started.pid() + "\n");
    new RunningGateway(port, TOKEN).awaitHealthy();
  }

  private Process run(String version, String adminUrl, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("./rack-gateway-api"));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toRealPath().resolve("gateway/releases").resolve(version).toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("gateway.log").toFile());
    builder.environment().putAll(environment());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("ADMIN_DATABASE_URL", adminUrl);
    builder.environment().put("RGW_DATABASE_URL", url("localhost", live, APP, "4pp"));
    return builder.start();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("DATABASE_URL", url("localhost", live, APP, "4pp"));
    environment.put("ADMIN_DATABASE_URL", url("localhost", live, ADMIN, "adm1n"));
    environment.put("RACK_GATEWAY_API_TOKEN", TOKEN);
    environment.put("AWS_ACCESS_KEY_ID", "AKIATEST");
    environment.put("AWS_SECRET_ACCESS_KEY", "aws-s3cret");
    return environment;
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

  private void stopGateways() throws IOException {
    for (ProcessHandle process : gateways()) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }
}
