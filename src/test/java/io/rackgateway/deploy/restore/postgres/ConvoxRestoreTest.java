package io.rackgateway.deploy.restore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.backup.convox.ConvoxResourceBackup;
import io.rackgateway.deploy.config.ConvoxResourceConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.testing.RackStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The export of a Convox resource becomes the live database by a new database on the resource's own
 * server, where this machine reaches that. Owners and grants, which no export holds, are those of
 * the live one.
 */
@Tag("postgres")
class ConvoxRestoreTest {

  private static final RunId TAKEN = new RunId("20260115-031500-7f3a9c");
  private static final RunId RUN = new RunId("20260116-101500-aa11bb");

  @TempDir static Path serverFolder;
  @TempDir Path folder;

  private static TestPostgres server;
  private static PostgresUrl resource;

  @BeforeAll
  static void start() throws Exception {
    server = TestPostgres.start(serverFolder);
    resource = server.create("gateway", "resource", "res0urce");
    server.execute(
        "postgres",
        "ALTER ROLE resource CREATEDB",
        "CREATE ROLE app LOGIN PASSWORD '4pp'",
        "CREATE ROLE auditors",
        "GRANT auditors TO resource");
    server.execute(
        "gateway",
        "SET ROLE resource",
        "CREATE SCHEMA audit",
        "CREATE TYPE audit.kind AS ENUM ('read', 'write')",
        "CREATE TABLE audit.audit_event (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " what text, kind audit.kind)",
        "CREATE TABLE users (id serial PRIMARY KEY, email text, secret text)",
        "CREATE VIEW emails AS SELECT email FROM users",
        "CREATE FUNCTION quiet(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
        "REVOKE ALL ON FUNCTION quiet(int) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION quiet(int) TO app",
        "GRANT USAGE ON SCHEMA audit, public TO app",
        "GRANT SELECT, INSERT ON audit.audit_event TO app",
        "GRANT SELECT (id, email), UPDATE (email) ON users TO app",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA audit TO app",
        "GRANT SELECT ON emails TO PUBLIC",
        "GRANT CREATE ON SCHEMA audit TO auditors",
        "ALTER VIEW emails OWNER TO resource",
        "ALTER TYPE audit.kind OWNER TO auditors",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO app",
        "INSERT INTO audit.audit_event (what) VALUES ('created')",
        "INSERT INTO users (email) VALUES ('old@example.com')");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void theExportTakesTheLiveDatabasesPlaceWithItsOwnersAndGrants() throws Exception {
    try (RackStandIn rack = new RackStandIn(resource)) {
      Cancellation cancellation = new Cancellation();
      ConvoxResourceBackup backups = backups(rack, cancellation);
      String before = dump();
      Backup backup = backups.backup(new Request(TAKEN, "production", Version.parse("v1.0.0")));
      server.execute(
          "gateway",
          "SET ROLE resource",
          "INSERT INTO users (email) VALUES ('since@example.com')",
          "INSERT INTO audit.audit_event (what) VALUES ('since')",
          "CREATE TABLE migrated (id int)",
          "GRANT SELECT ON migrated TO app");
      Restorer restorer =
          new PostgresRestorer(
              resource, "app", backups, new Waits(Clock.systemUTC(), cancellation, Events.none()));

      Gate gate = restorer.preflight(backup);
      assertThat(gate.result()).as(gate.evidence()).isEqualTo(Gate.Result.PASS);
      restorer.makeCopy(backup, RUN);
      Restored.Delta delta = restorer.saveDelta(backup, RUN);
      restorer.switchOver(backup, RUN);

      assertThat(dump()).isEqualTo(before);
      assertThat(delta.summary()).startsWith("1 audit event, 1 row in 1 other table");
      asApp("INSERT INTO audit.audit_event (what) VALUES ('as the gateway')");
      assertThatThrownBy(() -> asApp("DELETE FROM audit.audit_event"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> asApp("SELECT secret FROM users"))
          .hasMessageContaining("permission denied");
      assertThat(restorer.kept())
          .extracting(Restorer.Kept::name)
          .containsExactly("gateway_before_20260116_101500_aa11bb");
    }
  }

  private ConvoxResourceBackup backups(RackStandIn rack, Cancellation cancellation) {
    return new ConvoxResourceBackup(
        new ConvoxResourceConfig(
            new Secret(rack.url()),
            null,
            null,
            "gateway",
            "database",
            folder,
            Duration.ofSeconds(60)),
        new OkHttpClient(),
        new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
        Clock.systemUTC(),
        cancellation,
        new Secrets());
  }

  private static void asApp(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/gateway", "app", "4pp");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * All of the live database as pg_dump writes it, but for the marks that it makes up each time.
   */
  private static String dump() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("pg_dump");
    builder.environment().putAll(resource.environment());
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .collect(Collectors.joining("\n"));
  }
}
