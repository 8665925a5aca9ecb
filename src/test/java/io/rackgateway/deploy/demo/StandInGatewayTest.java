package io.rackgateway.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.StandInProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in does what the gateway's own binary does, as far as an upgrade can tell. */
@Tag("postgres")
class StandInGatewayTest {

  private static final String TOKEN = "rgw_test_token";

  @TempDir static Path shared;
  static EmbeddedDatabase database;

  @TempDir Path folder;
  private Map<String, String> environment;

  @BeforeAll
  static void startDatabase() {
    database = EmbeddedDatabase.start(shared.resolve("database"));
  }

  @AfterAll
  static void stopDatabase() {
    database.close();
  }

  @BeforeEach
  void emptyDatabase() throws SQLException {
    try (Connection connection = new StandInDatabase(database.adminUrl()).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS audit CASCADE");
      statement.execute("DROP OWNED BY CURRENT_USER CASCADE");
      statement.execute("CREATE SCHEMA IF NOT EXISTS public");
    }
    environment =
        Map.of(
            "DATABASE_URL",
            database.appUrl(),
            "ADMIN_DATABASE_URL",
            database.adminUrl(),
            "RACK_GATEWAY_API_TOKEN",
            TOKEN,
            "DOMAIN",
            "gateway.example.org");
  }

  @Test
  void healthSaysNothingOfTheVersionAndInfoDoes() throws Exception {
    migrate("0.2.0", 6, "none");
    try (StandInProcess gateway = serve("0.2.0", 6, "none").awaitUp()) {
      var health = gateway.get("/api/v1/health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(health.body()).contains("\"status\":\"ok\"").doesNotContain("0.2.0");

      assertThat(gateway.get("/api/v1/info").statusCode()).isEqualTo(401);
      assertThat(gateway.get("/api/v1/info").body()).isEqualTo("{\"error\":\"unauthorized\"}");
      var info = gateway.get("/api/v1/info", "Authorization", "Bearer " + TOKEN);
      assertThat(info.statusCode()).isEqualTo(200);
      assertThat(info.body()).contains("\"version\":{\"version\":\"0.2.0\",\"commit_hash\":");

      var login = gateway.get("/api/v1/auth/web/login");
      assertThat(login.statusCode()).isEqualTo(302);
      assertThat(login.headers().firstValue("Location").orElseThrow())
          .contains(
              "redirect_uri=https%3A%2F%2Fgateway.example.org%2Fapi%2Fv1%2Fauth%2Fweb%2Fcallback");
      assertThat(gateway.get("/nowhere").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void eachRequestButHealthIsAuditedInTheLogAndInTheChainedTable() throws Exception {
    migrate("0.2.0", 6, "none");
    try (StandInProcess gateway = serve("0.2.0", 6, "none").awaitUp()) {
      gateway.get("/api/v1/info", "Authorization", "Bearer " + TOKEN);
      gateway.get("/api/v1/info");
      assertThat(gateway.output())
          .containsPattern("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d Server listening on")
          .containsPattern("\\{\"ts\":.*\"http_status\":200")
          .containsPattern("\\{\"ts\":.*\"http_status\":401")
          .doesNotContain("/api/v1/health");
    }
    assertThat(query("SELECT count(*) FROM audit.audit_event")).isEqualTo("2");
    assertThat(
            query(
                "SELECT count(*) FROM audit.audit_event a JOIN audit.audit_event b"
                    + " ON b.previous_hash = a.event_hash"))
        .isEqualTo("1");
    assertThatThrownBy(() -> query("DELETE FROM audit.audit_event RETURNING seq"))
        .hasMessageContaining("append-only");
  }

  @Test
  void theServerDoesNotMigrateAndTheMigrateCommandDoesSoOnce() throws Exception {
    migrate("0.2.0", 6, "none");
    try (StandInProcess gateway = serve("0.3.0", 8, "none").awaitUp()) {
      assertThat(gateway.get("/api/v1/health").statusCode()).isEqualTo(200);
    }
    assertThat(query("SELECT count(*) FROM schema_migrations")).isEqualTo("6");
    migrate("0.3.0", 8, "none");
    migrate("0.3.0", 8, "none");
    assertThat(query("SELECT count(*) FROM schema_migrations")).isEqualTo("8");
    assertThat(query("SELECT count(*) FROM schema_migrations WHERE version ~ '^\\d{14}$'"))
        .isEqualTo("8");
  }

  @Test
  void aBrokenMigrationLeavesThoseBeforeItApplied() throws Exception {
    try (StandInProcess run = start("0.3.0", 8, "migrate-fails", "migrate")) {
      assertThat(run.awaitExit()).isEqualTo(1);
      assertThat(run.output()).contains("failed to run migrations").contains("no_such_table");
    }
    assertThat(query("SELECT count(*) FROM schema_migrations")).isEqualTo("7");
  }

  @Test
  void migrateTakesNoFurtherArgument() throws Exception {
    try (StandInProcess run = start("0.2.0", 6, "none", "migrate", "--dry-run")) {
      assertThat(run.awaitExit()).isEqualTo(1);
      assertThat(run.output()).contains("'migrate' command does not accept arguments");
    }
    try (StandInProcess run = start("0.2.0", 6, "none", "deploy")) {
      assertThat(run.awaitExit()).isEqualTo(1);
      assertThat(run.output()).contains("unknown command: deploy");
    }
  }

  @Test
  void theRestrictedRoleMayNotMigrate() throws Exception {
    environment =
        Map.of("DATABASE_URL", database.appUrl(), "ADMIN_DATABASE_URL", database.appUrl());
    try (StandInProcess run = start("0.2.0", 6, "none", "migrate")) {
      assertThat(run.awaitExit()).isEqualTo(1);
      assertThat(run.output()).contains("permission denied");
    }
  }

  @Test
  void withoutItsDatabaseItDoesNotStart() throws Exception {
    environment =
        Map.of(
            "DATABASE_URL",
            "postgres://a:b@127.0.0.1:" + StandInProcess.freePort() + "/none?sslmode=disable");
    try (StandInProcess run = start("0.2.0", 6, "none")) {
      assertThat(run.awaitExit()).isEqualTo(1);
      assertThat(run.output()).contains("failed to initialize database");
    }
  }

  @Test
  void sigtermEndsItQuicklyAndWell() throws Exception {
    migrate("0.2.0", 6, "none");
    try (StandInProcess gateway = serve("0.2.0", 6, "none").awaitUp()) {
      gateway.process().destroy();
      assertThat(gateway.awaitExit()).isZero();
      assertThat(gateway.output()).contains("Shutting down");
    }
  }

  @Test
  void itsFaultsAreThoseThatItSays() throws Exception {
    environment = Map.of("GATEWAY_DATABASE", "none", "RACK_GATEWAY_API_TOKEN", TOKEN);
    try (StandInProcess gateway = start("0.2.0", 6, "crash-at-start")) {
      assertThat(gateway.awaitExit()).isEqualTo(1);
      assertThat(gateway.output()).contains("failed to load configuration");
    }
    try (StandInProcess gateway = serve("0.2.0", 6, "crash-after-start").awaitUp()) {
      assertThatThrownBy(() -> gateway.get("/api/v1/info")).isInstanceOf(IOException.class);
      assertThat(gateway.awaitExit()).isEqualTo(2);
      assertThat(gateway.output()).contains("panic: runtime error");
    }
    try (StandInProcess gateway = serve("0.2.0", 6, "unhealthy").awaitUp()) {
      assertThat(gateway.get("/api/v1/health").statusCode()).isEqualTo(503);
    }
    try (StandInProcess gateway = serve("0.2.0", 6, "wrong-version").awaitUp()) {
      assertThat(gateway.get("/api/v1/info", "Authorization", "Bearer " + TOKEN).body())
          .contains("\"version\":\"dev\"");
    }
  }

  private void migrate(String version, int migrations, String fault) throws Exception {
    try (StandInProcess run = start(version, migrations, fault, "migrate")) {
      assertThat(run.awaitExit()).as("migrate: %s", run.output()).isZero();
    }
  }

  private StandInProcess serve(String version, int migrations, String fault) throws Exception {
    return start(version, migrations, fault);
  }

  private StandInProcess start(String version, int migrations, String fault, String... arguments)
      throws Exception {
    Path release = Files.createTempDirectory(folder, "release");
    DemoRelease.of(Version.parse(version), migrations, fault).writeTo(release);
    return StandInProcess.start(release, environment, arguments);
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = new StandInDatabase(database.adminUrl()).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
