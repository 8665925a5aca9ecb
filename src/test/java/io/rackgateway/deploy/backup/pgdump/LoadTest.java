package io.rackgateway.deploy.backup.pgdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.config.PgDumpConfig.Compression;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.FactsReader;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup's life after it was taken, on a database with an audit chain, roles and policies. */
@Tag("postgres")
@Timeout(180)
class LoadTest {

  private static final String PASSWORD = "p@ss:w/rd%&'\" \\";

  @TempDir static Path shared;
  private static TestPostgres server;
  private static Backup taken;
  private static int databases;

  @TempDir Path folder;

  private static final Cancellation CANCELLATION = new Cancellation();
  private static final Commands COMMANDS =
      new SystemCommands(ProcessBuilder::new, CANCELLATION, Map::of);

  /** The login of a hosted server: it may make databases, and belongs to the owners, no more. */
  @BeforeAll
  static void takeABackup() throws IOException, SQLException {
    server = TestPostgres.start(shared);
    server.execute(
        "postgres",
        "CREATE ROLE admin LOGIN CREATEDB PASSWORD '" + PASSWORD.replace("'", "''") + "'",
        "CREATE ROLE audit_owner NOLOGIN",
        "CREATE ROLE \"audit writer\" NOLOGIN",
        "CREATE ROLE app NOLOGIN",
        "GRANT audit_owner, app TO admin",
        "CREATE DATABASE gateway OWNER admin");
    server.execute(
        "gateway",
        "GRANT CREATE ON DATABASE gateway TO audit_owner",
        "GRANT CREATE ON SCHEMA public TO app",
        "SET ROLE admin",
        "CREATE TYPE status AS ENUM ('pending', 'approved')",
        "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT UNIQUE, state status)",
        "INSERT INTO users (email, state) SELECT 'u' || i, 'approved' FROM generate_series(1, 3000) i",
        "CREATE SEQUENCE \"never 'used\"",
        "CREATE TABLE owned (x INT GENERATED ALWAYS AS IDENTITY, user_id BIGINT REFERENCES users)",
        "ALTER TABLE owned OWNER TO app",
        "CREATE VIEW names AS SELECT email FROM users",
        "GRANT SELECT ON names TO \"audit writer\"",
        "SET ROLE audit_owner",
        "CREATE SCHEMA audit",
        "GRANT USAGE ON SCHEMA audit TO \"audit writer\"",
        "CREATE TABLE audit.audit_event (id BIGSERIAL PRIMARY KEY, chain_index BIGINT NOT NULL,"
            + " event_hash BYTEA NOT NULL, line TEXT)",
        "INSERT INTO audit.audit_event (chain_index, event_hash, line) SELECT i,"
            + " sha256(i::text::bytea), repeat(md5(i::text), 3) FROM generate_series(0, 4999) i",
        "CREATE FUNCTION audit.forbid() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        "CREATE TRIGGER forbid_change BEFORE UPDATE OR DELETE ON audit.audit_event"
            + " FOR EACH ROW EXECUTE FUNCTION audit.forbid()",
        "GRANT INSERT ON audit.audit_event TO \"audit writer\"",
        "CREATE POLICY appends ON audit.audit_event FOR INSERT TO \"audit writer\""
            + " WITH CHECK (true)",
        "CREATE INDEX ON audit.audit_event (chain_index DESC)",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO \"audit writer\"");
    taken = provider(shared.resolve("backups")).backup(request("20260115-031500-7f3a9c"));
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  // --- what it held

  @Test
  void itTellsWhatTheDatabaseHeldAtTheSnapshot() throws SQLException {
    DatabaseFacts facts = provider(shared.resolve("backups")).facts(taken).orElseThrow();

    assertThat(facts.tables())
        .contains(
            new DatabaseFacts.Rows("audit.audit_event", 5000),
            new DatabaseFacts.Rows("public.users", 3000));
    assertThat(facts.sequences())
        .contains(
            new DatabaseFacts.SequenceValue("public.users_id_seq", 3000L),
            new DatabaseFacts.SequenceValue("public.\"never 'used\"", null));
    assertThat(facts.auditHead()).isNotNull();
    assertThat(facts.differences(factsOf(server.url("gateway", "admin", PASSWORD)))).isEmpty();
  }

  @Test
  void aDatabaseInUseIsDumpedAsItWasAtOneInstant() throws Exception {
    String numbers = "CREATE TABLE IF NOT EXISTS numbers (n BIGSERIAL)";
    server.execute("postgres", "CREATE DATABASE busy OWNER admin");
    server.execute("busy", "SET ROLE admin", numbers);
    Path bin = Files.createDirectory(folder.resolve("bin"));
    // Writes after the snapshot was taken and before it is dumped.
    script(
        bin.resolve("pg_dump"),
        "case \"$*\" in *--version*) ;; *) psql --quiet --command="
            + "'INSERT INTO numbers SELECT FROM generate_series(1, 7)' ;; esac\n"
            + "exec /usr/bin/env pg_dump \"$@\"\n");
    script(bin.resolve("pg_restore"), "exec /usr/bin/env pg_restore \"$@\"\n");
    PgDumpBackup provider =
        provider(
            folder.resolve("b"),
            bin,
            Compression.GZIP,
            server.secretUrl("busy", "admin", PASSWORD));

    Backup backup = provider.backup(request("20260115-031500-000009"));

    PostgresUrl copy = emptyDatabase();
    provider.load(backup, copy, false);
    DatabaseFacts facts = provider.facts(backup).orElseThrow();
    assertThat(facts.tables()).containsExactly(new DatabaseFacts.Rows("public.numbers", 0));
    assertThat(facts.sequences())
        .containsExactly(new DatabaseFacts.SequenceValue("public.numbers_n_seq", 7L));
    assertThat(facts.differences(factsOf(copy))).isEmpty();
  }

  // --- Unix sockets

  @Test
  void aDatabaseBehindAUnixSocketIsDumpedAndRestored() throws Exception {
    try (TestPostgres local = TestPostgres.start(Files.createDirectory(folder.resolve("u")))) {
      local.create("gateway", "app", PASSWORD);
      local.execute(
          "gateway",
          "CREATE TABLE public.t AS SELECT repeat('x', 9) FROM generate_series(1, 99999)",
          "GRANT SELECT ON public.t TO app");
      local.execute("postgres", "CREATE DATABASE copy OWNER app");
      Secret url = local.socketUrl("gateway", "app", PASSWORD);
      PgDumpBackup provider = provider(folder.resolve("b"), null, Compression.AUTO, url);

      assertThat(provider.preflight().evidence()).contains("for server 15");
      Backup backup = provider.backup(request("20260115-031500-000008"));
      provider.load(
          backup, PostgresUrl.parse("url", local.socketUrl("copy", "app", PASSWORD)), true);

      assertThat(local.query("copy", "SELECT count(*) FROM t")).isEqualTo("99999");
    }
  }

  // --- restoring

  @Test
  void aRestoredDatabaseIsDumpedToTheSameBytes() throws SQLException {
    PostgresUrl copy = emptyDatabase();

    provider(shared.resolve("backups")).load(taken, copy, false);

    assertThat(plainDump(copy)).isEqualTo(plainDump(server.url("gateway", "admin", PASSWORD)));
    assertThat(
            server.query(
                copy.database(),
                "SELECT has_database_privilege('audit_owner', current_database(), 'CREATE')"))
        .isEqualTo("f");
  }

  @Test
  void withoutOwnersItFitsAServerThatHasNoneOfTheRoles() throws Exception {
    try (TestPostgres scratch = TestPostgres.start(Files.createDirectory(folder.resolve("s")))) {
      scratch.execute("postgres", "CREATE DATABASE \"scr'atch=1\"");
      PostgresUrl into = scratch.url("scr'atch=1", "postgres", "x");

      provider(shared.resolve("backups")).load(taken, into, true);

      DatabaseFacts facts = provider(shared.resolve("backups")).facts(taken).orElseThrow();
      assertThat(facts.differences(factsOf(into))).isEmpty();
    }
  }

  @Test
  void itsRolesHaveToBeThere() throws Exception {
    try (TestPostgres other = TestPostgres.start(Files.createDirectory(folder.resolve("o")))) {
      PostgresUrl into = other.create("copy", "admin", PASSWORD);

      assertThatThrownBy(() -> provider(shared.resolve("backups")).load(taken, into, false))
          .isInstanceOf(DeployException.StepFailed.class)
          .hasMessageContaining("the role app, audit writer, audit_owner is not there");
    }
  }

  @Test
  void aDatabaseThatHoldsSomethingIsRefused() throws SQLException {
    PostgresUrl copy = emptyDatabase();
    server.execute(copy.database(), "CREATE TABLE public.mine (x INT)");

    assertThatThrownBy(() -> provider(shared.resolve("backups")).load(taken, copy, false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("is not empty: it holds public.mine");
  }

  @Test
  void aBackupOfAnotherGatewayIsRefused() throws SQLException {
    PostgresUrl copy = emptyDatabase();
    Backup meant =
        new Backup(
            taken.id(),
            taken.kind(),
            "staging",
            taken.location(),
            taken.bytes(),
            taken.sha256(),
            taken.proof(),
            taken.gatewayVersion(),
            taken.createdAt(),
            taken.duration());

    assertThatThrownBy(() -> provider(shared.resolve("backups")).load(meant, copy, false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("is of the gateway 'production', not of 'staging'");
    assertThat(provider(shared.resolve("backups")).list("staging")).isEmpty();
  }

  @Test
  void anExtensionThatTheServerLacksIsNamed() throws Exception {
    Backup backup = copyOfTheBackup();
    rewriteFacts(
        backup,
        "\"extensions\" : [ {",
        "\"extensions\" : [ {\"name\" : \"pgvector\"," + " \"version\" : \"1\"}, {");

    assertThatThrownBy(() -> provider(folder).load(only(provider(folder)), emptyDatabase(), false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("the extension pgvector of the backup is not available");
  }

  /** As up to PostgreSQL 14, where the schema public is not the database owner's. */
  @Test
  void aRightThatCannotBeGrantedIsNotPassedOver() throws Exception {
    PostgresUrl copy = emptyDatabase();
    server.execute(
        copy.database(),
        "ALTER SCHEMA public OWNER TO postgres",
        "GRANT ALL ON SCHEMA public TO PUBLIC");

    assertThatThrownBy(() -> provider(shared.resolve("backups")).load(taken, copy, false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("rights on 'public' could not be granted")
        .hasMessageContaining("does not belong to admin");
  }

  @Test
  void anOlderServerIsRefused() throws Exception {
    Backup backup = copyOfTheBackup();
    rewriteFacts(backup, "\"serverMajor\" : 15", "\"serverMajor\" : 99");

    assertThatThrownBy(() -> provider(folder).load(only(provider(folder)), emptyDatabase(), false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("is PostgreSQL 15, older than the backup's");
  }

  @Test
  void aDamagedBackupIsNeverRestored() throws Exception {
    Backup backup = copyOfTheBackup();
    for (Path file : files(Path.of(backup.location()))) {
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0) {
        continue;
      }
      byte[] damaged = content.clone();
      damaged[content.length / 2] ^= 1;
      Files.write(file, damaged);
      PostgresUrl copy = emptyDatabase();

      assertThatThrownBy(() -> provider(folder).load(backup, copy, false))
          .as(file.toString())
          .isInstanceOf(DeployException.StepFailed.class)
          .hasMessageContaining("is damaged")
          .hasMessageContaining(file.getFileName().toString());
      Files.write(file, content);
    }
  }

  @Test
  void aClientThatSetsWhatTheServerDoesNotKnowRestoresAllTheSame() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    String unknown =
        "case \"$*\" in --version) echo 'pg_restore (PostgreSQL) 17.2'; exit ;; esac\n"
            + "/usr/bin/env pg_restore --exit-on-error \"$@\" || exit\n"
            + "case \"$*\" in *--dbname*) echo 'pg_restore: error: could not execute query: ERROR:"
            + "  unrecognized configuration parameter \"transaction_timeout\"' >&2\n%s"
            + "echo 'pg_restore: warning: errors ignored on restore: 1' >&2; exit 1;; esac\n";
    script(bin.resolve("pg_restore"), String.format(unknown, ""));
    PgDumpBackup newer = provider(shared.resolve("backups"), bin, Compression.AUTO);
    PostgresUrl copy = emptyDatabase();

    newer.load(taken, copy, false);

    assertThat(plainDump(copy)).isEqualTo(plainDump(server.url("gateway", "admin", PASSWORD)));

    script(
        bin.resolve("pg_restore"),
        String.format(unknown, "echo 'pg_restore: error: and another one' >&2\n"));
    assertThatThrownBy(() -> newer.load(taken, emptyDatabase(), false))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("and another one");
  }

  // --- damage

  @Test
  void everyFlippedBitIsDetected() throws Exception {
    Backup backup = copyOfTheBackup();
    PgDumpBackup provider = provider(folder);
    provider.check(backup);
    List<Path> files = files(Path.of(backup.location()));
    Random random = new Random(42);
    List<String> undetected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      // Each file in turn, so that the small ones are hit as often as the large ones.
      Path file = files.get(i % files.size());
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0) {
        continue;
      }
      int bit = random.nextInt(content.length * 8);
      content[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, content);
      try {
        provider.check(backup);
        undetected.add(file + " bit " + bit);
      } catch (DeployException.StepFailed e) {
        assertThat(e).hasMessageContaining("damaged");
      }
      content[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, content);
    }
    assertThat(undetected).isEmpty();
    provider.check(backup);
  }

  @Test
  void everyTruncatedOrMissingFileIsDetected() throws Exception {
    Backup backup = copyOfTheBackup();
    for (Path file : files(Path.of(backup.location()))) {
      byte[] content = Files.readAllBytes(file);
      if (content.length > 0) {
        Files.write(file, Arrays.copyOf(content, content.length - 1));
        assertThatThrownBy(() -> provider(folder).check(backup))
            .as(file.toString())
            .isInstanceOf(DeployException.StepFailed.class)
            .hasMessageContaining(file.getFileName().toString());
      }
      Files.delete(file);
      assertThatThrownBy(() -> provider(folder).check(backup))
          .as(file.toString())
          .isInstanceOf(DeployException.StepFailed.class)
          .hasMessageContaining(file.getFileName().toString());
      Files.write(file, content);
    }
    provider(folder).check(backup);
  }

  // --- the catalogue

  @Test
  void finishedBackupsAreListedNewestFirstAndNothingElse() throws IOException {
    PgDumpBackup provider = provider(folder);
    Backup first = provider.backup(request("20260115-031500-000001"));
    Backup second = provider.backup(request("20260115-031500-000002"));
    Files.createDirectories(folder.resolve(".x.partial"));
    Files.createDirectories(folder.resolve("notes"));
    Files.writeString(
        Files.createDirectories(folder.resolve("broken")).resolve("backup.json"), "{}");

    assertThat(provider.list("production")).containsExactly(second, first);

    provider.remove(second);
    provider.remove(second);
    assertThat(provider.list("production")).containsExactly(first);
  }

  @Test
  void aProofIsKeptWithTheBackupAndNeverLowered() throws IOException {
    Backup backup = copyOfTheBackup();
    PgDumpBackup provider = provider(folder);

    Backup proven = provider.recordProof(backup.proven(Proof.RESTORED));

    assertThat(proven.proof()).isEqualTo(Proof.RESTORED);
    assertThat(provider.recordProof(backup)).isEqualTo(proven);
    assertThat(provider.list("production")).containsExactly(proven);
    provider.check(backup);
  }

  @Test
  void aCompressionThatPgDumpLacksIsNamed() {
    PgDumpBackup provider = provider(folder, null, Compression.ZSTD);

    assertThatThrownBy(() -> provider.backup(request("20260115-031500-000003")))
        .hasMessage("this pg_dump cannot compress with zstd");
  }

  @Test
  void theBestCompressionThatPgDumpHasIsTaken() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    script(
        bin.resolve("pg_dump"),
        """
        case "$*" in
          --version) echo 'pg_dump (PostgreSQL) 16.4' ;;
          *--compress=zstd*) echo 'pg_dump: error: this build does not support compression with ZSTD' >&2; exit 1 ;;
          */dev/null/dump*) echo 'pg_dump: error: could not create directory' >&2; exit 1 ;;
          *--compress=lz4*) echo 'pg_dump: error: lz4 it is' >&2; exit 1 ;;
        esac
        """);
    PgDumpBackup provider = provider(folder.resolve("b"), bin, Compression.AUTO);

    assertThatThrownBy(() -> provider.backup(request("20260115-031500-000004")))
        .hasMessageContaining("lz4 it is");
  }

  // --- helpers

  private static Request request(String run) {
    return new Request(new RunId(run), "production", Version.parse("v1.1.0"));
  }

  private static PgDumpBackup provider(Path directory) {
    return provider(directory, null, Compression.AUTO);
  }

  private static PgDumpBackup provider(Path directory, Path bin, Compression compression) {
    return provider(directory, bin, compression, server.secretUrl("gateway", "admin", PASSWORD));
  }

  private static PgDumpBackup provider(
      Path directory, Path bin, Compression compression, Secret url) {
    return new PgDumpBackup(
        new PgDumpConfig(directory, 2, bin, Duration.ofMinutes(1), compression),
        new DatabaseConfig(url, null),
        COMMANDS,
        Clock.systemUTC(),
        CANCELLATION,
        new Secrets());
  }

  private static PostgresUrl emptyDatabase() throws SQLException {
    String name = "copy" + databases++;
    server.execute("postgres", "CREATE DATABASE " + name + " OWNER admin");
    return server.url(name, "admin", PASSWORD);
  }

  private static Backup only(PgDumpBackup provider) {
    return provider.list("production").get(0);
  }

  private Backup copyOfTheBackup() throws IOException {
    Path from = Path.of(taken.location());
    for (Path file : tree(from)) {
      Path to = folder.resolve(taken.id()).resolve(from.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(to);
      } else {
        Files.copy(file, to);
      }
    }
    return only(provider(folder));
  }

  /** Makes the backup one of another database, with checksums that fit. */
  private void rewriteFacts(Backup backup, String what, String by) throws IOException {
    Path root = Path.of(backup.location());
    Path facts = root.resolve("facts.json");
    assertThat(Files.readString(facts)).contains(what);
    Files.writeString(facts, Files.readString(facts).replace(what, by));
    Checksums checksums = new Checksums(() -> {});
    Files.write(root.resolve("SHA256SUMS"), checksums.of(root, List.of("data", "facts.json")));
    Description description = new Description(new EventJson(new Secrets()));
    Files.writeString(
        root.resolve("backup.json"),
        description.write(
            new Backup(
                backup.id(),
                backup.kind(),
                backup.gateway(),
                backup.location(),
                backup.bytes(),
                checksums.of(root.resolve("SHA256SUMS")),
                backup.proof(),
                backup.gatewayVersion(),
                backup.createdAt(),
                backup.duration())));
  }

  private static DatabaseFacts factsOf(PostgresUrl url) throws SQLException {
    try (Connection connection = new PostgresConnector(url, Duration.ofMinutes(1)).connect()) {
      return new FactsReader(connection).read();
    }
  }

  private static String plainDump(PostgresUrl url) {
    CommandResult result = COMMANDS.run(Command.of("pg_dump").withEnvironment(url.environment()));
    assertThat(result.succeeded()).as(result.reason()).isTrue();
    return result.output().replaceAll("(?m)^\\\\(un)?restrict .*$", "");
  }

  private static void script(Path program, String text) throws IOException {
    Files.writeString(program, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<Path> files(Path root) throws IOException {
    return tree(root).stream().filter(Files::isRegularFile).sorted().toList();
  }

  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return new ArrayList<>(files.toList());
    }
  }
}
