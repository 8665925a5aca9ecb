package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.model.Version;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database goes back with the gateway: byte for byte as it was, and nothing that was written
 * since is lost. The gateway has no token here, and nobody begins a login, so that no check of ours
 * writes to its audit log.
 */
@Tag("postgres")
class HostRestoreIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    dropLeftovers();
    site.reset();
    Files.writeString(
        site.folder.resolve("rack-gateway.yml"),
        site.configuration()
            .replaceAll("(?m)^  apiToken:.*\\R", "")
            .replace("verify:\n", "verify:\n  login: {enabled: false}\n"));
  }

  @AfterEach
  void release() throws Exception {
    DemoRelease.of(Version.parse("v1.0.0"), 6, "none")
        .writeTo(site.gateway().resolve("releases/v1.0.0"));
  }

  @Test
  void afterABadMigrationTheDatabaseGoesBackAndWhatWasWrittenSinceIsSaved() throws Exception {
    site.database.sql(
        "postgres",
        """
        COMMENT ON DATABASE rack_gateway IS 'the gateway''s own';
        ALTER DATABASE rack_gateway SET search_path TO "$user", public;
        ALTER DATABASE rack_gateway SET work_mem TO '5MB';
        REVOKE ALL ON DATABASE rack_gateway FROM PUBLIC;
        GRANT CONNECT ON DATABASE rack_gateway TO rack_gateway_app
        """);
    site.database.sql(
        "rack_gateway", "INSERT INTO settings VALUES ('limits', '{\"a\": [1, 2.50]}')");
    String settings = settings();
    String before = dump("rack_gateway");
    upgrade();
    write();
    String live = dump("rack_gateway");

    Ended ended = site.tool().run("rollback", "--restore-database", "--yes", "--json");

    ended.withExitCode(0);
    assertThat(dump("rack_gateway")).as("the restored database").isEqualTo(before);
    assertThat(settings()).as("what is the database's own").isEqualTo(settings);
    JsonNode restore = ended.json().path("restore");
    String old = restore.path("oldDatabase").asText();
    assertThat(dump(old)).as("the database that was live").isEqualTo(live);
    assertThat(restore.path("backup").asText()).isEqualTo(backups().get(0));
    assertThat(ended.err())
        .contains("saved what was written since the backup: 3 audit events, 7 rows in 4 other");
    assertThat(restore.path("delta").path("auditEvents").asInt()).isEqualTo(3);

    Path delta = Path.of(restore.path("delta").path("location").asText());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(delta)))
        .isEqualTo("rwx------");
    Map<String, List<String>> saved = saved(delta);
    assertThat(saved.keySet())
        .containsExactlyInAnyOrder(
            "audit.audit_event",
            "public.users",
            "public.settings",
            "public.schema_migrations",
            "public.user_sessions");
    assertThat(saved.get("public.users"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("\"update\"", "admin@example.com", "{admin,root}"),
            line -> assertThat(line).contains("\"insert\"", "new@example.com"),
            line -> assertThat(line).contains("\"insert\"", "ü \\\"quoted\\\" \\\\ 𝄞"));
    assertThat(saved.get("audit.audit_event")).hasSize(3).allMatch(l -> l.contains("\"insert\""));
    assertThat(saved.get("public.settings"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("\"columns\"", "\"feature_7\":\"on\""));
    assertThat(saved.get("public.schema_migrations")).hasSize(2);

    reinsert(delta.resolve("audit.audit_event.ndjson.gz"), old);
    site.assertRuns("v1.0.0", ended);
    dropsTheOldDatabase(old);
  }

  /** As docs/restore.md tells to do it by hand. */
  private static void reinsert(Path file, String old) throws Exception {
    site.database.sql("rack_gateway", "ALTER TABLE audit.audit_event DISABLE TRIGGER chain");
    try (Connection connection = site.database.connect("rack_gateway");
        var insert =
            connection.prepareStatement(
                "INSERT INTO audit.audit_event OVERRIDING SYSTEM VALUE SELECT r.* FROM"
                    + " json_populate_record(NULL::audit.audit_event, ?::json -> 'row') AS r")) {
      for (String line : lines(file)) {
        insert.setString(1, line);
        insert.executeUpdate();
      }
    }
    site.database.sql("rack_gateway", "ALTER TABLE audit.audit_event ENABLE TRIGGER chain");
    String all =
        "SELECT string_agg(e::text, '|' ORDER BY seq) FROM audit.audit_event e WHERE seq <= 4";
    assertThat(query("rack_gateway", all)).isEqualTo(query(old, all));
  }

  private static void dropsTheOldDatabase(String old) throws Exception {
    Ended dropped = site.tool().run("restore", "--drop-old", "--yes").withExitCode(0);
    assertThat(dropped.out() + dropped.err()).contains(old, "live before run", "dropped " + old);
    assertThat(databases()).containsExactlyInAnyOrder("pristine", "postgres", "rack_gateway");
    site.tool().run("restore", "--drop-old", "--yes").withExitCode(0);
  }

  @Test
  void theDatabaseAloneGoesBackAndTheSameVersionRuns() throws Exception {
    site.tool().run("backup").withExitCode(0);
    String before = dump("rack_gateway");
    site.database.sql("rack_gateway", "DELETE FROM api_tokens; DELETE FROM users");

    Ended ended = site.tool().run("restore", "--yes", "--json").withExitCode(0);

    assertThat(dump("rack_gateway")).isEqualTo(before);
    site.assertRuns("v1.0.0", ended);
    JsonNode delta = ended.json().path("restore").path("delta");
    assertThat(delta.path("deleted").asInt()).isEqualTo(3);
    assertThat(delta.path("tables").asInt()).isEqualTo(2);
  }

  @Test
  void aVersionThatDoesNotComeUpOnTheRestoredDatabaseIsTakenBackWithIt() throws Exception {
    upgrade();
    write();
    String live = dump("rack_gateway");
    DemoRelease.of(Version.parse("v1.0.0"), 6, "crash-at-start")
        .writeTo(site.gateway().resolve("releases/v1.0.0"));

    Ended ended = site.tool().run("rollback", "--restore-database", "--yes").withExitCode(1);

    ended.saying("failed in rollout", "v1.1.0 runs again and was verified");
    assertThat(ended.err()).contains("is kept in database 'rack_gateway_restored_");
    assertThat(dump("rack_gateway")).isEqualTo(live);
    site.assertRuns("v1.1.0", ended);
    site.tool().run("restore", "--drop-old", "--yes").withExitCode(0);
    assertThat(databases()).containsExactlyInAnyOrder("pristine", "postgres", "rack_gateway");
  }

  @Test
  void anUpgradeThatFailedAndCouldNotBeUndoneIsUndoneFirst() throws Exception {
    String before = dump("rack_gateway");
    // The version before cannot work with what the migration left behind.
    DemoRelease.of(Version.parse("v1.0.0"), 6, "crash-at-start")
        .writeTo(site.gateway().resolve("releases/v1.0.0"));
    site.tool().run("upgrade", "--to", HostSite.UNHEALTHY, "--yes").withExitCode(4);
    release();

    Ended ended = site.tool().run("rollback", "--restore-database", "--yes").withExitCode(0);

    assertThat(dump("rack_gateway")).isEqualTo(before);
    site.assertRuns("v1.0.0", ended);
    assertThat(site.tool().run("resume").withExitCode(0).out()).contains("no run of");
  }

  @Test
  void whatIsNoBackupOfThisGatewayIsRefused() throws Exception {
    upgrade();
    Ended unknown =
        site.tool().run("restore", "--backup", "rack-gateway-x", "--yes").withExitCode(2);
    unknown.saying("there is no backup rack-gateway-x of 'production'");
    assertThat(unknown.err()).contains(backups().get(0));
    site.tool()
        .run("restore", "--backup", backups().get(0), "--yes", "--set", "gateway.name=other")
        .withExitCode(2)
        .saying("is of gateway 'production', not of 'other'");
    site.tool()
        .run("rollback", "--backup", backups().get(0), "--yes")
        .withExitCode(2)
        .saying("--backup was given without --restore-database");
    site.assertRuns("v1.1.0", unknown);
    assertThat(databases()).containsExactlyInAnyOrder("pristine", "postgres", "rack_gateway");
  }

  @Test
  void aDamagedBackupChangesNothing() throws Exception {
    upgrade();
    write();
    String live = dump("rack_gateway");
    String pid = pid();
    Path data = site.folder.resolve("backups").resolve(backups().get(0)).resolve("data");
    Path damaged;
    try (Stream<Path> files = Files.list(data)) {
      damaged = files.filter(f -> f.toString().endsWith(".gz")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 4;
    Files.write(damaged, bytes);

    Ended ended = site.tool().run("rollback", "--restore-database", "--yes").withExitCode(1);

    ended.saying("is damaged", damaged.getFileName().toString(), "nothing was changed");
    assertThat(dump("rack_gateway")).isEqualTo(live);
    assertThat(pid()).as("the gateway was not stopped").isEqualTo(pid);
    assertThat(databases()).containsExactlyInAnyOrder("pristine", "postgres", "rack_gateway");
  }

  @Test
  void withoutBackupsThereIsNothingToRestore() throws Exception {
    site.tool()
        .run(
            "rollback",
            "--restore-database",
            "--to",
            "v1.0.0",
            "--yes",
            "--set",
            "backup.pgDump.directory=" + site.folder.resolve("no-backups"))
        .withExitCode(2)
        .saying("there is no backup of 'production' to restore");
  }

  private static void upgrade() throws Exception {
    site.tool().run("upgrade", "--to", HostSite.GOOD, "--yes").withExitCode(0);
  }

  /** 3 audit events, 2 users more, 1 changed, 1 session, a value of a new column. */
  private static void write() throws Exception {
    site.database.sql(
        "rack_gateway",
        """
        INSERT INTO audit.audit_event (user_email, action, resource, http_status)
          SELECT 'ci@example.com', 'app.promote', 'app-' || n, 200 FROM generate_series(1, 3) n;
        INSERT INTO users (email, roles) VALUES ('new@example.com', '{}'), ('ü "quoted" \\ 𝄞', '{x}');
        UPDATE users SET roles = '{admin,root}' WHERE email = 'admin@example.com';
        INSERT INTO user_sessions (user_id, expires_at) VALUES (1, now());
        UPDATE settings SET feature_7 = 'on'
        """);
  }

  private static Map<String, List<String>> saved(Path delta) throws Exception {
    JsonNode index = JSON.readTree(delta.resolve("delta.json").toFile());
    Map<String, List<String>> saved = new TreeMap<>();
    for (JsonNode table : index.path("tables")) {
      List<String> lines = lines(delta.resolve(table.path("file").asText()));
      saved.put(table.path("table").asText(), lines);
    }
    return saved;
  }

  private static List<String> lines(Path file) throws Exception {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static List<String> backups() throws Exception {
    return HostSite.names(site.folder.resolve("backups")).stream()
        .filter(name -> !name.contains(".delta-"))
        .toList();
  }

  private static String pid() throws Exception {
    return Files.readString(site.gateway().resolve("run/gateway.pid")).strip();
  }

  private static List<String> databases() throws SQLException {
    return List.of(
        query(
                "postgres",
                "SELECT string_agg(datname, ',') FROM pg_database WHERE NOT datistemplate")
            .split(",", -1));
  }

  private static void dropLeftovers() throws Exception {
    for (String database : databases()) {
      if (database.startsWith("rack_gateway_")) {
        site.database.drop(database);
      }
    }
  }

  private static String settings() throws SQLException {
    return query(
        "postgres",
        "SELECT concat_ws('|', datacl, datallowconn, shobj_description(d.oid, 'pg_database'),"
            + " datcollate, datctype, encoding, (SELECT array_agg(setconfig::text) FROM"
            + " pg_db_role_setting WHERE setdatabase = d.oid)) FROM pg_database d"
            + " WHERE datname = 'rack_gateway'");
  }

  private static String query(String database, String sql) throws SQLException {
    try (Connection connection = site.database.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  /** All of a database as pg_dump writes it, but for the marks that it makes up each time. */
  private static String dump(String database) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            new ArrayList<>(
                List.of(
                    "pg_dump",
                    "--host=127.0.0.1",
                    "--port=" + site.database.port(),
                    "--username=rack_gateway_admin",
                    database)));
    builder.environment().put("PGPASSWORD", site.database.adminPassword());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .collect(Collectors.joining("\n"));
  }
}
