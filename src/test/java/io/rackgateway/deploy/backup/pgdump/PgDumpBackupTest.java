package io.rackgateway.deploy.backup.pgdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.config.PgDumpConfig.Compression;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
@Timeout(120)
class PgDumpBackupTest {

  private static final String PASSWORD = "p@ss:w/rd%&'\" \\";
  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final Instant NOW = Instant.parse("2026-01-15T03:15:01Z");
  private static final Request REQUEST = new Request(RUN, "production", Version.parse("v1.1.0"));
  private static final String ID = "rack-gateway-pre-upgrade-20260115-031500-7f3a9c";

  @TempDir static Path serverFolder;
  private static TestPostgres server;

  @TempDir Path folder;

  private final List<List<String>> started = new CopyOnWriteArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private final Commands commands =
      new SystemCommands(
          words -> {
            started.add(words);
            return new ProcessBuilder(words);
          },
          cancellation,
          Map::of);

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    server = TestPostgres.start(serverFolder);
    server.create("gateway", "app", PASSWORD);
    server.execute(
        "gateway",
        "GRANT CREATE ON SCHEMA public TO app",
        "SET ROLE app",
        "CREATE TABLE public.users (id BIGSERIAL PRIMARY KEY, email TEXT)",
        "INSERT INTO public.users (email) SELECT 'u' || i || '@example.com' FROM"
            + " generate_series(1, 5000) i",
        "CREATE SCHEMA audit",
        "CREATE TABLE audit.\"audit event\" (at DATE, line TEXT) PARTITION BY RANGE (at)",
        "CREATE TABLE audit.audit_2026 PARTITION OF audit.\"audit event\" FOR VALUES FROM"
            + " ('2026-01-01') TO ('2027-01-01')",
        "INSERT INTO audit.\"audit event\" SELECT '2026-01-15', md5(i::text) FROM"
            + " generate_series(1, 2000) i");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  // --- taking a backup

  @Test
  void aBackupRestoresToTheSameDatabase() throws SQLException {
    Backup backup = provider().backup(REQUEST);

    PostgresUrl copy = server.create("copy", "copy_app", "copy-password");
    CommandResult restored =
        commands.run(
            Command.of(
                    "pg_restore",
                    "--no-owner",
                    "--no-acl",
                    "--dbname=copy",
                    "--exit-on-error",
                    backup.location() + "/data")
                .withEnvironment(copy.environment()));

    assertThat(restored.succeeded()).as(restored.reason()).isTrue();
    for (String table : List.of("public.users", "audit.\"audit event\"")) {
      String contents =
          "SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY t)) FROM " + table + " t";
      assertThat(server.query("copy", contents)).isEqualTo(server.query("gateway", contents));
    }
    assertThat(server.query("copy", "SELECT last_value FROM users_id_seq")).isEqualTo("5000");
  }

  @Test
  void aBackupTellsWhatItIs() throws IOException {
    Backup backup = provider().backup(REQUEST);

    assertThat(backup.id()).isEqualTo(ID);
    assertThat(backup.kind()).isEqualTo("pgDump");
    assertThat(backup.gateway()).isEqualTo("production");
    assertThat(backup.location()).isEqualTo(folder.resolve("backups").resolve(ID).toString());
    assertThat(backup.proof()).isEqualTo(Proof.LISTED);
    assertThat(backup.gatewayVersion()).isEqualTo(Version.parse("v1.1.0"));
    assertThat(backup.createdAt()).isEqualTo(NOW);
    assertThat(backup.bytes()).isPositive();
    assertThat(Path.of(backup.location())).isDirectoryContaining("glob:**/backup.json");
  }

  @Test
  void anyoneCanVerifyItsChecksumsWithOrdinaryTools() {
    Backup backup = provider().backup(REQUEST);

    CommandResult result =
        commands.run(
            Command.of("sha256sum", "--check", "--strict", "SHA256SUMS")
                .in(Path.of(backup.location())));
    assertThat(result.succeeded()).as(result.reason()).isTrue();
    CommandResult whole =
        commands.run(Command.of("sha256sum", "SHA256SUMS").in(Path.of(backup.location())));
    assertThat(whole.output()).startsWith(backup.sha256());
  }

  @Test
  void onlyThisUserCanReadABackup() throws IOException {
    Backup backup = provider().backup(REQUEST);

    for (Path file : tree(Path.of(backup.location()))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
    }
  }

  @Test
  void thePasswordIsInNoArgumentAndInNoFile() throws IOException {
    Backup backup = provider().backup(REQUEST);

    assertThat(started.toString()).doesNotContain(PASSWORD).doesNotContain("p%40ss");
    for (Path file : tree(Path.of(backup.location()))) {
      if (Files.isRegularFile(file)) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(PASSWORD);
      }
    }
  }

  @Test
  void theSameRunFindsItsFirstBackup() {
    Backup first = provider().backup(REQUEST);
    started.clear();

    assertThat(provider().backup(REQUEST)).isEqualTo(first);
    assertThat(started).isEmpty();
  }

  @Test
  void whatAnInterruptedAttemptLeftIsRemoved() throws IOException {
    Path left = folder.resolve("backups/." + ID + ".partial/data");
    Files.createDirectories(left);
    Files.writeString(left.resolve("toc.dat"), "half");

    provider().backup(REQUEST);

    assertThat(names()).containsExactly(ID);
  }

  @Test
  void aDamagedBackupOfTheSameRunIsTakenAnew() throws IOException {
    Backup first = provider().backup(REQUEST);
    flipABit(Path.of(first.location(), "data"));

    Backup second = provider().backup(REQUEST);

    assertThat(provider().list("production")).containsExactly(second);
  }

  @Test
  void aFlippedBitIsNoticed() throws IOException {
    Backup backup = provider().backup(REQUEST);
    Path damaged = flipABit(Path.of(backup.location(), "data"));

    assertThatThrownBy(() -> provider().check(backup))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(backup.location())
        .hasMessageContaining("is damaged")
        .hasMessageContaining(damaged.getFileName().toString());
  }

  @Test
  void aMissingFileIsNoticed() throws IOException {
    Backup backup = provider().backup(REQUEST);
    Files.delete(Path.of(backup.location(), "data", "toc.dat"));

    assertThatThrownBy(() -> provider().check(backup))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("data/toc.dat");
  }

  @Test
  void aBackupThatIsNotThereCannotBeChecked() {
    Backup backup = provider().backup(REQUEST);
    provider().remove(backup);

    assertThatThrownBy(() -> provider().check(backup))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("there is no backup " + ID);
  }

  // --- failing

  @Test
  void aDumpThatLacksATableIsRefused() throws IOException {
    Path bin =
        programs(
            "pg_dump", "exec /usr/bin/env pg_dump --exclude-table=public.users \"$@\"",
            "pg_restore", "exec /usr/bin/env pg_restore \"$@\"");

    DeployException.StepFailed failure =
        failure(provider(bin, server.secretUrl("gateway", "app", PASSWORD)));

    assertThat(failure).hasMessageContaining("the dump lacks table public.users");
    assertThat(names()).isEmpty();
  }

  @Test
  void aDumpThatLacksTheRowsOfATableIsRefused() throws IOException {
    Path bin =
        programs(
            "pg_dump", "exec /usr/bin/env pg_dump --exclude-table-data=public.users \"$@\"",
            "pg_restore", "exec /usr/bin/env pg_restore \"$@\"");

    assertThat(failure(provider(bin, server.secretUrl("gateway", "app", PASSWORD))))
        .hasMessageContaining("the dump lacks the rows of table public.users");
  }

  @Test
  void aFailingDumpLeavesNothingAndSaysWhy() throws IOException, SQLException {
    server.create("locked", "locked_app", "locked-password");
    server.execute(
        "locked", "CREATE TABLE public.secrets (x INT)", "INSERT INTO public.secrets VALUES (1)");

    DeployException.StepFailed failure =
        failure(provider(null, server.secretUrl("locked", "locked_app", "locked-password")));

    assertThat(failure)
        .hasMessageContaining("user 'locked_app' may not dump everything")
        .hasMessageContaining("permission denied for table secrets");
    assertThat(names()).isEmpty();
  }

  @Test
  void aWrongPasswordFailsBeforeAnythingIsDumped() {
    DeployException.StepFailed failure =
        failure(provider(null, server.secretUrl("gateway", "app", "s3cr3t-and-wrong")));

    assertThat(failure)
        .hasMessageContaining("user 'app'")
        .hasMessageContaining("password authentication failed");
    assertThat(failure.problem().toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aDatabaseThatGoesAwayMeanwhileIsNamed() throws Exception {
    try (TestPostgres dying = TestPostgres.start(Files.createTempDirectory(folder, "dying"))) {
      dying.create("gateway", "app", PASSWORD);
      Path bin =
          programs(
              "pg_dump",
              "psql --quiet --command='SELECT pg_terminate_backend(pg_backend_pid())' 1>&2; exit 1",
              "pg_restore",
              "exec /usr/bin/env pg_restore \"$@\"");

      assertThat(failure(provider(bin, dying.secretUrl("gateway", "app", PASSWORD))))
          .hasMessageContaining("database 'gateway' at 127.0.0.1:" + dying.port())
          .hasMessageContaining("went away during the backup");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void aFullDiskIsNamed() throws IOException, InterruptedException {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0,
        "mounting a small file system needs root");
    try {
      PgDumpBackup provider =
          provider(null, server.secretUrl("gateway", "app", PASSWORD), small.resolve("backups"));

      assertThat(failure(provider))
          .hasMessage("the disk of " + small.resolve("backups") + " is full");
      assertThat(tree(small.resolve("backups"))).containsExactly(small.resolve("backups"));
      assertThat(provider.preflight().result()).isEqualTo(Gate.Result.BLOCK);
      assertThat(provider.preflight().evidence()).contains("too little");
    } finally {
      new ProcessBuilder("umount", small.toString()).start().waitFor();
    }
  }

  @Test
  void aDumpIsEndedBeforeTheDiskIsWhollyFull() throws IOException, InterruptedException {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0,
        "mounting a small file system needs root");
    try {
      Path bin =
          programs(
              "pg_dump",
              "case \"$*\" in *--version*) ;; *) head -c 10400000 /dev/zero > '"
                  + small
                  + "/fill'; exec sleep 600 ;; esac",
              "pg_restore",
              "exec true");
      PgDumpBackup provider =
          provider(bin, server.secretUrl("gateway", "app", PASSWORD), small.resolve("backups"));

      assertThat(failure(provider))
          .hasMessageMatching(
              "the disk of .*/backups is nearly full: \\d+ kB are left, so the dump was ended");
      assertThat(tree(small.resolve("backups"))).containsExactly(small.resolve("backups"));
    } finally {
      new ProcessBuilder("umount", small.toString()).start().waitFor();
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    PgDumpBackup provider =
        provider(null, server.secretUrl("gateway", "app", PASSWORD), file.resolve("backups"));

    assertThat(failure(provider))
        .hasMessageContaining("the folder of backups " + file.resolve("backups"))
        .hasMessageContaining("cannot be written to");
    assertThat(provider.preflight().evidence()).contains("cannot be written to");
  }

  @Test
  void aCancelledBackupEndsItsProcessAndLeavesNothing() throws IOException {
    Path pid = folder.resolve("pid");
    Path bin =
        programs(
            "pg_dump",
            "echo $$ > '" + pid + ".new' && mv '" + pid + ".new' '" + pid + "'; exec sleep 600",
            "pg_restore",
            "exec true");
    Thread canceller =
        new Thread(
            () -> {
              while (!Files.exists(pid)) {
                Thread.onSpinWait();
              }
              cancellation.request("asked to stop by SIGTERM");
            });
    canceller.start();

    assertThatThrownBy(
            () -> provider(bin, server.secretUrl("gateway", "app", PASSWORD)).backup(REQUEST))
        .isInstanceOf(DeployException.Cancelled.class)
        .hasMessage("asked to stop by SIGTERM");
    long process = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(names()).isEmpty();
  }

  // --- the gate

  @Test
  void theGatePassesWithFigures() {
    Gate gate = provider().preflight();

    assertThat(gate.name()).isEqualTo("backup");
    assertThat(gate.result()).as(gate.evidence()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence())
        .matches("pg_dump \\d+\\.\\d+ for server 15\\.\\d+, database [\\d.]+ MB, [\\d.]+ .B free");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aClientOlderThanTheServerIsBlocked() throws IOException {
    Path bin =
        programs(
            "pg_dump", "echo 'pg_dump (PostgreSQL) 13.21 (Debian 13.21-1)'",
            "pg_restore", "echo 'pg_restore (PostgreSQL) 13.21 (Debian 13.21-1)'");

    Gate gate = provider(bin, server.secretUrl("gateway", "app", PASSWORD)).preflight();

    assertBlocked(gate, "pg_dump 13.21 is older than the server, 15.");
    assertThat(gate.next()).contains("postgresql-client-15", "backup.pgDump.binDirectory");
  }

  @Test
  void missingClientProgramsAreBlocked() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertBlocked(
        provider(empty, server.secretUrl("gateway", "app", PASSWORD)).preflight(),
        empty.resolve("pg_dump") + " was not found");
  }

  @Test
  void aWrongPasswordIsBlockedInTheDatabasesWords() {
    Gate gate = provider(null, server.secretUrl("gateway", "app", "s3cr3t-and-wrong")).preflight();

    assertBlocked(
        gate,
        "database 'gateway' at 127.0.0.1:" + server.port() + ", user 'app'",
        "password authentication failed");
    assertThat(gate.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aStoppedDatabaseIsBlocked() throws IOException {
    Secret url;
    try (TestPostgres stopped = TestPostgres.start(Files.createTempDirectory(folder, "stopped"))) {
      url = stopped.secretUrl("gateway", "app", PASSWORD);
    }

    assertBlocked(provider(null, url).preflight(), "connection refused");
  }

  @Test
  void tablesThatTheUserMayNotReadAreNamed() throws SQLException {
    server.create("guarded", "guarded_app", "guarded-password");
    server.execute(
        "guarded",
        "CREATE SCHEMA audit",
        "CREATE TABLE audit.audit_event (x INT)",
        "CREATE SEQUENCE public.counter");

    assertBlocked(
        provider(null, server.secretUrl("guarded", "guarded_app", "guarded-password")).preflight(),
        "user 'guarded_app' may not read audit.audit_event, public.counter");
  }

  @Test
  void rowsThatRowLevelSecurityHidesAreNamed() throws SQLException {
    server.create("hiding", "hiding_app", "hiding-password");
    server.execute(
        "hiding",
        "CREATE TABLE public.rows (x INT)",
        "ALTER TABLE public.rows ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT ON public.rows TO hiding_app");

    assertBlocked(
        provider(null, server.secretUrl("hiding", "hiding_app", "hiding-password")).preflight(),
        "may not read public.rows");
  }

  @Test
  void theAdministratorsUrlIsTheOneThatDumps() {
    PgDumpBackup provider =
        new PgDumpBackup(
            config(null, folder.resolve("backups")),
            new DatabaseConfig(
                server.secretUrl("gateway", "nobody", "wrong"),
                server.secretUrl("gateway", "app", PASSWORD)),
            commands,
            Clock.systemUTC(),
            cancellation,
            new Secrets());

    assertThat(provider.preflight().result()).isEqualTo(Gate.Result.PASS);
  }

  @Test
  void theStepNamesTheDatabaseWithoutThePassword() {
    assertThat(provider().steps())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.phase()).isEqualTo(Phase.BACKUP);
              assertThat(step.description())
                  .contains("database 'gateway' at 127.0.0.1:" + server.port())
                  .doesNotContain(PASSWORD);
            });
  }

  // --- helpers

  private PgDumpBackup provider() {
    return provider(null, server.secretUrl("gateway", "app", PASSWORD));
  }

  private PgDumpBackup provider(Path bin, Secret url) {
    return provider(bin, url, folder.resolve("backups"));
  }

  private PgDumpBackup provider(Path bin, Secret url, Path directory) {
    return new PgDumpBackup(
        config(bin, directory),
        new DatabaseConfig(url, null),
        commands,
        Clock.fixed(NOW, ZoneOffset.UTC),
        cancellation,
        new Secrets());
  }

  private static PgDumpConfig config(Path bin, Path directory) {
    return new PgDumpConfig(directory, 2, bin, Duration.ofMinutes(1), Compression.AUTO);
  }

  private static DeployException.StepFailed failure(PgDumpBackup provider) {
    DeployException.StepFailed failure =
        catchThrowableOfType(DeployException.StepFailed.class, () -> provider.backup(REQUEST));
    assertThat(failure).isNotNull();
    return failure;
  }

  private static void assertBlocked(Gate gate, String... evidence) {
    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains(evidence);
    assertThat(gate.next()).isNotBlank();
  }

  /** A folder with scripts in the place of client programs. */
  private Path programs(String... namesAndScripts) throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (int i = 0; i < namesAndScripts.length; i += 2) {
      Path program = bin.resolve(namesAndScripts[i]);
      Files.writeString(program, "#!/bin/sh\n" + namesAndScripts[i + 1] + "\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return bin;
  }

  private List<String> names() throws IOException {
    Path backups = folder.resolve("backups");
    if (!Files.exists(backups)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(backups)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return new ArrayList<>(files.toList());
    }
  }

  private static Path flipABit(Path data) throws IOException {
    for (Path file : tree(data)) {
      if (file.toString().endsWith(".gz") && Files.size(file) > 1000) {
        byte[] content = Files.readAllBytes(file);
        content[500] ^= 1;
        Files.write(file, content);
        return file;
      }
    }
    throw new AssertionError("no data file in " + data);
  }
}
