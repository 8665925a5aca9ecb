package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.RdsStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database goes back with the gateway on a real engine, and nothing that was written is lost.
 */
@Tag("docker")
@Tag("postgres")
class ComposeRestoreIT {

  private static final Map<String, String> RELEASES = Map.of("v1.0.0", "none", "v1.1.0", "none");

  @TempDir Path folder;

  @Test
  @Tag("composev1")
  void theDatabaseIsRenamedWithComposeV1() throws Exception {
    renames("v1");
  }

  @Test
  @Tag("composev2")
  void theDatabaseIsRenamedWithComposeV2() throws Exception {
    renames("v2");
  }

  private void renames(String compose) throws Exception {
    try (ComposeSite site = new ComposeSite(folder, compose, RELEASES)) {
      site.reset("recreate");
      byte[] before = Files.readAllBytes(site.composeFile());
      site.tool().run("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);
      site.database.sql("gateway", "INSERT INTO users (email) VALUES ('since@example.com')");

      Ended ended = site.tool().run("rollback", "--restore-database", "--yes", "--json");

      ended.withExitCode(0);
      assertThat(site.database.migrations()).as(ended.toString()).isEqualTo(6);
      assertThat(site.composeFile()).hasBinaryContent(before);
      site.assertRuns("v1.0.0", ended);
      String old = ended.json().path("restore").path("oldDatabase").asText();
      assertThat(old).startsWith("gateway_before_");
      String users = "SELECT count(*) FROM users WHERE email = 'since@example.com'";
      assertThat(count(site.database.connect(old), users)).isOne();
      assertThat(count(site.database.connect("gateway"), users)).isZero();
      assertThat(ended.json().path("restore").path("delta").path("inserted").asInt()).isPositive();

      Ended dropped = site.tool().run("restore", "--drop-old", "--yes").withExitCode(0);
      assertThat(dropped.out() + dropped.err()).contains("dropped " + old);
    }
  }

  /** The address is in the project's .env, which Compose reads anew when it starts the gateway. */
  @Test
  @Tag("composev2")
  void anotherServerIsGivenToTheGatewayWithComposeV2() throws Exception {
    takesOver("v2");
  }

  @Test
  @Tag("composev1")
  void anotherServerIsGivenToTheGatewayWithComposeV1() throws Exception {
    takesOver("v1");
  }

  private void takesOver(String compose) throws Exception {
    try (ComposeSite site = new ComposeSite(folder, compose, RELEASES);
        RdsStandIn rds = new RdsStandIn()) {
      site.reset("recreate");
      String password = site.database.adminPassword();
      String live = addressOf(site, "db");
      Path env = secondServer(site, password, live);
      String restored = addressOf(site, "restored");
      copyDatabase(site, password);
      rds.addInstance("gateway");
      rds.answersAt("gateway", live, 5432);
      rds.restoredAnswerAt(restored, 5432);
      configure(site, rds);
      String file = Files.readString(env);
      String manifest = Files.readString(site.composeFile());
      Map<String, String> aws =
          Map.of(
              "DATABASE_URL", "postgres://gateway:" + password + "@" + live + ":5432/gateway",
              "AWS_ACCESS_KEY_ID", "AKIATEST",
              "AWS_SECRET_ACCESS_KEY", "aws-s3cret");
      site.tool().run(aws, "upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);
      site.database.sql("gateway", "INSERT INTO users (email) VALUES ('since@example.com')");

      Ended ended = site.tool().run(aws, "rollback", "--restore-database", "--yes", "--json");

      ended.withExitCode(0);
      assertThat(site.version()).as(ended.toString()).isEqualTo("v1.0.0");
      assertThat(env).hasContent(file.replace(live, restored));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
          .isEqualTo("rw-------");
      assertThat(site.composeFile()).hasContent(manifest);
      String container = containerOf(site, "gateway");
      assertThat(site.docker.docker("inspect", "--format", "{{.Config.Env}}", container))
          .contains(restored)
          .doesNotContain(live);
      assertThat(ended.json().path("restore").path("oldDatabase").asText()).isEqualTo("gateway");
      assertThat(ended.out() + ended.err()).doesNotContain(password, "aws-s3cret");
      assertThat(rds.instances()).hasSize(2);

      // The address of the old server is still what this tool is given.
      site.tool().run(aws, "backup").withExitCode(3).saying("is no longer the gateway's database");
      site.tool().run(aws, "verify").withExitCode(0);
    }
  }

  private static Path secondServer(ComposeSite site, String password, String live)
      throws Exception {
    String text =
        Files.readString(site.composeFile())
                .replaceFirst(
                    "RGW_DATABASE_URL: .*",
                    "RGW_DATABASE_URL: postgres://gateway:\\${DB_PASSWORD}@\\${DB_HOST}:5432/gateway?sslmode=disable")
            + """
          restored:
            image: %s
            environment: {POSTGRES_USER: gateway, POSTGRES_DB: gateway, POSTGRES_PASSWORD: %s}
        """
                .formatted(System.getenv("RGD_TEST_POSTGRES_IMAGE"), password);
    Files.writeString(site.composeFile(), text);
    Path env = site.directory().resolve(".env");
    Files.writeString(env, "# the database\nDB_HOST=" + live + "\nDB_PASSWORD=" + password + "\n");
    Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
    site.compose("up", "-d", "--no-deps", "restored", "gateway");
    return env;
  }

  /** As it was when the snapshot was taken. */
  private static void copyDatabase(ComposeSite site, String password) throws Exception {
    String address = addressOf(site, "restored");
    Await.until("the second server", () -> answers(address, password));
    site.docker.docker(
        "exec",
        containerOf(site, "restored"),
        "sh",
        "-c",
        "export PGPASSWORD=\"$POSTGRES_PASSWORD\"; pg_dump -h db -U gateway gateway | psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -U gateway gateway");
  }

  private static void configure(ComposeSite site, RdsStandIn rds) throws Exception {
    Path file = site.folder.resolve("rack-gateway.yml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "backup: {pgDump: {}, prove: listed}",
                "backup: {rds: {instance: gateway, region: eu-west-1, endpoint: \""
                    + rds.endpoint()
                    + "\"}, prove: listed}"));
  }

  private static boolean answers(String address, String password) {
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + address + ":5432/gateway", "gateway", password)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private static String containerOf(ComposeSite site, String service) {
    List<String> found =
        site.docker
            .docker(
                "ps",
                "--quiet",
                "--filter",
                "label=com.docker.compose.project=" + site.directory().getFileName(),
                "--filter",
                "label=com.docker.compose.service=" + service)
            .lines()
            .toList();
    assertThat(found).as(service).hasSize(1);
    return found.get(0);
  }

  private static String addressOf(ComposeSite site, String service) {
    return site.docker
        .docker(
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            containerOf(site, service))
        .strip();
  }

  private static long count(Connection connection, String sql) throws Exception {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
