package io.rackgateway.deploy.backup.convox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.config.ConvoxResourceConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.testing.RackStandIn;
import io.rackgateway.deploy.time.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
@Timeout(120)
class ConvoxResourceBackupTest {

  private static final String PASSWORD = "p@ss:w/rd";
  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final String ID = "rack-gateway-pre-upgrade-20260115-031500-7f3a9c";
  private static final Request REQUEST = new Request(RUN, "production", Version.parse("v1.1.0"));
  private static final Instant NOW = Instant.parse("2026-01-15T03:15:01Z");
  private static final String SQL =
      "COPY public.a (id, \"b,c\") FROM stdin;\n1\tx\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n";

  @TempDir static Path serverFolder;
  private static TestPostgres server;
  private static PostgresUrl database;

  @TempDir Path folder;
  private RackStandIn rack;
  private String url;
  private Secret gatewayToken;
  private Duration timeout = Duration.ofSeconds(60);

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    server = TestPostgres.start(serverFolder);
    database = server.create("resource", "resource", PASSWORD);
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void start() throws IOException, SQLException {
    server.execute(
        "resource",
        "DROP SCHEMA IF EXISTS audit CASCADE",
        "DROP SCHEMA public CASCADE",
        "SET ROLE resource",
        "CREATE SCHEMA public",
        "CREATE SCHEMA audit",
        "CREATE TABLE audit.audit_event (id bigserial PRIMARY KEY, \"a,b\" text, note text)",
        "INSERT INTO audit.audit_event (\"a,b\", note)"
            + " SELECT 'x' || n, E'tab\\there\\nand line' FROM generate_series(1, 5000) n",
        "CREATE TABLE public.users (id int PRIMARY KEY, email text)",
        "INSERT INTO public.users VALUES (1, 'pg_dump: error: is what a user may be called')",
        "CREATE TABLE public.nothing ()");
    rack = new RackStandIn(database);
    url = rack.url();
  }

  @AfterEach
  void stop() {
    rack.close();
  }

  private ConvoxResourceBackup backups() {
    return backups("database");
  }

  private ConvoxResourceBackup backups(String resource) {
    Cancellation cancellation = new Cancellation();
    return new ConvoxResourceBackup(
        new ConvoxResourceConfig(
            new Secret(url), gatewayToken, null, "gateway", resource, folder, timeout),
        new OkHttpClient(),
        new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
        Clock.fixed(NOW, ZoneOffset.UTC),
        cancellation,
        new Secrets());
  }

  private void assertNothingIsListedAndNothingLeft() throws IOException {
    assertThat(backups().list("production")).isEmpty();
    if (Files.isDirectory(folder)) {
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void exportIsKeptWithItsChecksumAndDescription() throws IOException {
    Backup backup = backups().backup(REQUEST);

    assertThat(backup.id()).isEqualTo(ID);
    assertThat(backup.kind()).isEqualTo("convoxResource");
    assertThat(backup.proof()).isEqualTo(Proof.LISTED);
    assertThat(backup.bytes()).isEqualTo(Files.size(folder.resolve(ID).resolve("dump.sql")));
    assertThat(folder.resolve(ID).resolve("SHA256SUMS")).hasContent(backup.sha256() + "  dump.sql");
    assertThat(backups().list("production")).containsExactly(backup);
    assertThat(backups().list("staging")).isEmpty();
    backups().check(backup);
  }

  @Test
  void repeatedRunFindsItsExport() {
    Backup first = backups().backup(REQUEST);

    assertThat(backups().backup(REQUEST)).isEqualTo(first);
    assertThat(rack.seen()).filteredOn(call -> call.endsWith("/data")).hasSize(1);
  }

  @Test
  void exportGoesThroughARackGatewayWithItsToken() {
    url = rack.gatewayUrl();
    gatewayToken = new Secret(RackStandIn.GATEWAY_TOKEN);

    assertThat(backups().backup(REQUEST).id()).isEqualTo(ID);
    assertThat(rack.seen()).endsWith("GET /api/v1/rack-proxy/apps/gateway/resources/database/data");
  }

  @Test
  void exportIsLoadedIntoAnEmptyDatabaseRowByRow() throws SQLException {
    Backup backup = backups().backup(REQUEST);
    PostgresUrl scratch = server.create("scratch", "scratch", PASSWORD);

    backups().load(backup, scratch, true);

    String rows = "SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM audit.audit_event e";
    assertThat(server.query("scratch", rows)).isEqualTo(server.query("resource", rows));
    assertThatThrownBy(() -> backups().load(backup, scratch, true))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("is not empty");
  }

  @Test
  void importPutsBackWhatTheBackupHeld() throws SQLException {
    Backup backup = backups().backup(REQUEST);
    String rows = "SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM audit.audit_event e";
    String before = server.query("resource", rows);
    server.execute(
        "resource",
        "DELETE FROM audit.audit_event WHERE id > 10",
        "CREATE TABLE public.new_in_the_new_version (id int)");

    backups().importInto(backup);

    assertThat(server.query("resource", rows)).isEqualTo(before);
    assertThat(server.query("resource", "SELECT to_regclass('public.new_in_the_new_version')"))
        .isNull();
  }

  @Test
  void importThatFailsHalfWayChangesNothing() throws Exception {
    Backup backup = backups().backup(REQUEST);
    Path dump = folder.resolve(ID).resolve("dump.sql");
    // A backup with a valid checksum that the server does not take: it names a type it lacks.
    String broken =
        Files.readString(dump)
            .replace(
                "CREATE TABLE public.users",
                "CREATE TABLE public.u (a no_such_type);\nCREATE TABLE public.users");
    Files.writeString(dump, broken);
    Backup damaged =
        new Backup(
            backup.id(),
            backup.kind(),
            backup.gateway(),
            backup.location(),
            backup.bytes(),
            ExportFile.checksum(dump, () -> {}),
            backup.proof(),
            null,
            NOW,
            Duration.ZERO);
    server.execute("resource", "INSERT INTO public.users VALUES (2, 'since then')");

    assertThatThrownBy(() -> backups().importInto(damaged))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("import failed");

    assertThat(server.query("resource", "SELECT count(*) FROM public.users")).isEqualTo("2");
    assertThat(server.query("resource", "SELECT count(*) FROM audit.audit_event"))
        .isEqualTo("5000");
  }

  @Test
  void exportThatBreaksOffIsNamedAndNotListed() throws IOException {
    rack.breakOffAfter(20_000);

    assertThatThrownBy(() -> backups().backup(REQUEST))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("the connection broke off before it was complete");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void exportThatTheRackSaysFailedIsNamedThoughItsStatusIsSuccess() throws Exception {
    server.execute("resource", "CREATE TABLE public.hidden (id int)");

    assertThatThrownBy(() -> backups().backup(REQUEST))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("the rack's export is not whole")
        .hasMessageContaining("permission denied for table hidden");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void exportThatEndsTooEarlyButCleanlyIsNamed() throws IOException {
    rack.exportInstead(SQL.substring(0, SQL.indexOf("\\.")).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> backups().backup(REQUEST))
        .hasMessageContaining("it ends before pg_dump's last line");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void complaintBetweenTheRowsIsNamed() throws IOException {
    rack.exportInstead(
        SQL.replace("1\tx", "1\tpg_dump: warning: circular\nx").getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> backups().backup(REQUEST))
        .hasMessageContaining("a row of public.a is damaged");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void packedExportIsUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(SQL.getBytes(StandardCharsets.UTF_8));
    }
    rack.exportInstead(packed.toByteArray());

    backups().backup(REQUEST);

    assertThat(folder.resolve(ID).resolve("dump.sql")).hasContent(SQL);
  }

  @Test
  void emptyExportIsNamed() throws IOException {
    rack.exportInstead(new byte[0]);

    assertThatThrownBy(() -> backups().backup(REQUEST)).hasMessageContaining("it is empty");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void refusalsAreNamed() throws IOException {
    url = rack.url().replace("convox:", "convox:wrong");
    assertThatThrownBy(() -> backups().backup(REQUEST))
        .hasMessageContaining("does not accept the credentials: invalid authentication");

    url = rack.url();
    assertThatThrownBy(() -> backups("other").backup(REQUEST))
        .hasMessageContaining("does not know /apps/gateway/resources/other")
        .hasMessageContaining("resource not found");

    rack.answerWith(403);
    assertThatThrownBy(() -> backups().backup(REQUEST)).hasMessageContaining("does not allow GET");
    rack.answerWith(502);
    assertThatThrownBy(() -> backups().backup(REQUEST))
        .hasMessageContaining("with status 502: as the test asked");
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void rackWithoutTlsOrThatIsNotThereIsNamed() {
    url = rack.url().replace("http://", "https://");
    timeout = Duration.ofSeconds(2);
    assertThatThrownBy(() -> backups().backup(REQUEST))
        .hasMessageMatching(".* failed: (TLS failed.*|it was not done after 2 s)");

    url = rack.url();
    rack.close();
    assertThatThrownBy(() -> backups().backup(REQUEST)).hasMessageContaining("connection refused");
  }

  @Test
  void everyDamageOfTheFileIsFound() throws IOException {
    Backup backup = backups().backup(REQUEST);
    Path dump = folder.resolve(ID).resolve("dump.sql");
    byte[] content = Files.readAllBytes(dump);
    content[content.length / 2] ^= 1;
    Files.write(dump, content);

    assertThatThrownBy(() -> backups().check(backup)).hasMessageContaining("is damaged");
    assertThatThrownBy(() -> backups().importInto(backup)).hasMessageContaining("is damaged");
    // The same run makes a new one in its place.
    assertThat(backups().backup(REQUEST).id()).isEqualTo(ID);
    Files.delete(dump);
    assertThatThrownBy(() -> backups().check(backup)).hasMessageContaining("lacks its export");
  }

  @Test
  void proofIsKeptWithTheBackupAndRemovingIsForGood() throws IOException {
    Backup backup = backups().backup(REQUEST);

    backups().recordProof(backup.proven(Proof.RESTORED));
    assertThat(backups().list("production"))
        .extracting(Backup::proof)
        .containsExactly(Proof.RESTORED);

    backups().remove(backup);
    backups().remove(backup);
    assertNothingIsListedAndNothingLeft();
  }

  @Test
  void gateTellsWhetherThereIsSuchADatabase() {
    assertThat(backups().preflight().result()).isEqualTo(Gate.Result.PASS);

    rack.typeIs("mysql");
    assertThat(backups().preflight().evidence())
        .isEqualTo("the resource gateway/database is of type 'mysql', not PostgreSQL");

    rack.answerWith(401);
    assertThat(backups().preflight().result()).isEqualTo(Gate.Result.BLOCK);
  }

  @Test
  void rackWithoutATokenIsAUsageError() {
    url = rack.gatewayUrl();

    assertThatThrownBy(this::backups)
        .isInstanceOf(DeployException.Usage.class)
        .hasMessage(
            "backup.convoxResource.rack holds no token, and there is no gatewayToken beside it");
  }
}
