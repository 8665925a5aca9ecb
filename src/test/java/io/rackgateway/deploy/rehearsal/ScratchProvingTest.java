package io.rackgateway.deploy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.config.BackupConfig;
import io.rackgateway.deploy.config.BackupConfig.Prove;
import io.rackgateway.deploy.config.BackupConfig.RehearsalConfig;
import io.rackgateway.deploy.config.BackupConfig.RetentionConfig;
import io.rackgateway.deploy.config.BackupConfig.ScratchConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.Rehearsal.MigrationRun;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.scratch.EmbeddedScratch;
import io.rackgateway.deploy.scratch.Need;
import io.rackgateway.deploy.scratch.ScratchDatabase;
import io.rackgateway.deploy.scratch.ScratchDatabases;
import io.rackgateway.deploy.scratch.UrlScratch;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
@Timeout(120)
class ScratchProvingTest {

  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final Version V1_1 = Version.parse("v1.1.0");

  @TempDir static Path shared;
  private static TestPostgres server;
  private static PostgresUrl source;

  @TempDir Path folder;

  private final List<Event> events = new ArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private final List<MigrationFile> migrations = new ArrayList<>();
  private List<String> smoke = List.of();
  private Duration longestLock = Duration.ofMinutes(1);
  private Prove prove = Prove.REHEARSED;
  private @Nullable PlainDumps dumps;

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = TestPostgres.start(shared);
    server.create("gateway", "app", "app-password");
    server.execute("gateway", GatewayDatabase.statements(2_000));
    server.execute("postgres", "CREATE ROLE admin LOGIN SUPERUSER PASSWORD 'admin-password'");
    server.execute("postgres", "CREATE ROLE later NOLOGIN");
    source = server.url("gateway", "admin", "admin-password");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  // --- proving

  @Test
  void aBackupIsProvenByRestoringIt() throws IOException {
    Backup proven = proving().prove(RUN, take(), false);

    assertThat(proven.proof()).isEqualTo(Proof.RESTORED);
    assertThat(dumps().backups).containsExactly(proven);
    assertThat(evidence())
        .contains("an embedded PostgreSQL 15")
        .endsWith("3 tables, 2 502 rows, audit chain ends at 2000, as at the snapshot");
    assertNothingLeft();
  }

  @Test
  void aCopyThatLacksARowIsNoProof() throws IOException {
    Backup backup = take();
    dumps().spoil = "DELETE FROM users WHERE id = 7";

    DeployException failure =
        catchThrowableOfType(
            DeployException.StepFailed.class, () -> proving().prove(RUN, backup, true));

    assertThat(failure.problem().summary())
        .contains("backup-" + RUN)
        .contains("public.users has 499 rows, not 500");
    assertThat(dumps().backups.get(0).proof()).isEqualTo(Proof.LISTED);
    assertNothingLeft();
  }

  @Test
  void aDisabledTriggerIsADifference() {
    Backup backup = take();
    dumps().spoil = "ALTER TABLE audit.audit_event DISABLE TRIGGER append_only";

    assertThatThrownBy(() -> proving().prove(RUN, backup, false))
        .hasMessageContaining("append_only");
  }

  @Test
  void aServerThatTheEmbeddedOneIsTooOldForIsNotRestoredWhenThatIsLeftToTheTool() {
    prove = Prove.AUTO;
    ScratchProving proving = proving(new TooOld());

    assertThat(proving.preflight(true).result()).isEqualTo(Gate.Result.WARN);
    assertThat(proving.prove(RUN, take(), false).proof()).isEqualTo(Proof.LISTED);
    assertThat(events.toString()).contains("as far as listed only").contains("backup.scratch.url");
  }

  @Test
  void aLevelThatCannotBeReachedBlocksWhenItWasAskedFor() {
    prove = Prove.RESTORED;
    Gate gate = proving(new TooOld()).preflight(true);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("restored").contains("older than the database's 99");
    assertThatThrownBy(() -> proving(new TooOld()).prove(RUN, take(), false))
        .isInstanceOf(DeployException.StepFailed.class);
  }

  @Test
  void thePlanTellsTheStepsOfTheLevel() {
    assertThat(proving().steps(true))
        .extracting(PlannedStep::name)
        .containsExactly("prove-backup", "rehearse");
    assertThat(proving().steps(false))
        .extracting(PlannedStep::name)
        .containsExactly("prove-backup");
    prove = Prove.LISTED;
    assertThat(proving().steps(true)).isEmpty();
  }

  @Test
  void onAServerOfItsOwnADatabaseIsMadeAndDroppedAgain() throws SQLException {
    server.execute("postgres", "CREATE DATABASE rgd_scratch_dead");
    PostgresUrl maintenance = server.url("postgres", "admin", "admin-password");

    proving(new UrlScratch(maintenance, List.of(source))).prove(RUN, take(), false);

    assertThat(evidence()).contains("as at the snapshot");
    assertThat(
            server.query("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'rgd_%'"))
        .isEqualTo("0");
  }

  @Test
  void theGatewaysOwnDatabaseIsNoScratchDatabase() {
    PostgresUrl same =
        PostgresUrl.parse(
            "u", new Secret("postgresql://admin:x@localhost:" + server.port() + "/gateway"));

    Gate gate = proving(new UrlScratch(same, List.of(source))).preflight(true);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("the gateway's own database 'gateway'");
  }

  // --- rehearsing

  @Test
  void migrationsThatWereNotAppliedRunOnTheCopyAndAreMeasured() throws Exception {
    migration("20250106093000_init", "SELECT 1/0");
    migration(
        "20250120093000_grow",
        """
        -- ${not_a_placeholder}
        ALTER TABLE users ADD COLUMN team TEXT;
        UPDATE users SET team = 'a;b' WHERE id <= 100;
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;
        GRANT SELECT ON users TO later;
        """);
    migration("20250127093000_retype", "ALTER TABLE users ALTER COLUMN id TYPE NUMERIC");
    ScratchProving proving = proving();
    Backup backup = proving.prove(RUN, take(), true);

    Backup rehearsed = proving.rehearse(RUN, backup, V1_1, false);

    assertThat(rehearsed.proof()).isEqualTo(Proof.REHEARSED);
    Rehearsal rehearsal = rehearsal();
    assertThat(rehearsal.failure()).isNull();
    assertThat(rehearsal.migrations())
        .extracting(MigrationRun::version)
        .containsExactly("20250120093000", "20250127093000");
    MigrationRun grow = rehearsal.migrations().get(0);
    assertThat(grow.rows()).isEqualTo(100);
    assertThat(grow.locks().toString()).contains("public.users, mode=AccessExclusiveLock");
    assertThat(grow.locks().get(0).held()).isBetween(Duration.ofNanos(1), grow.duration());
    assertThat(grow.tables().get(0).rewritten()).isFalse();
    assertThat(rehearsal.migrations().get(1).tables().get(0).rewritten()).isTrue();
    assertThat(rehearsal.smoke())
        .extracting(Rehearsal.SmokeRun::name)
        .contains("read public.users", "read audit.audit_event");
    assertNothingLeft();
    assertThat(server.query("gateway", "SELECT count(*) FROM schema_migrations")).isEqualTo("2");
  }

  @Test
  void aMigrationThatFailsIsNamedWithLineAndStatement() throws IOException {
    migration("20250120093000_fine", "CREATE TABLE fine (id INT)");
    migration(
        "20250127093000_breaks",
        """
        -- first line
        CREATE TABLE other (id INT);

        INSERT INTO users (email)
          VALUES ('u1@example.com');
        """);
    DeployException failure =
        catchThrowableOfType(
            DeployException.StepFailed.class, () -> proving().rehearse(RUN, take(), V1_1, false));

    assertThat(failure.problem().summary())
        .contains("20250127093000_breaks.sql fails in line 4")
        .contains("duplicate key")
        .contains("SQLSTATE 23505")
        .contains("INSERT INTO users (email) VALUES");
    assertThat(rehearsal().migrations()).hasSize(2);
    assertNothingLeft();
  }

  @Test
  void theLineIsTheOneThatTheServerPointsTo() {
    migration("20250120093000_typo", "SELECT 1;\nSELECT id,\n  nonsense\nFROM users;");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .hasMessageContaining("fails in line 3: column \"nonsense\" does not exist");
  }

  @Test
  void whatCannotRunInATransactionFailsAsItWouldInTheGateway() {
    migration("20250120093000_late", "CREATE INDEX CONCURRENTLY i ON users (email)");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .hasMessageContaining("cannot run inside a transaction block");
  }

  @Test
  void aColumnThatTheVersionBeforeReadsMustStay() {
    migration("20250120093000_rename", "ALTER TABLE users RENAME COLUMN name TO full_name");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .hasMessageContaining("'read public.users' fails")
        .hasMessageContaining("column \"name\" does not exist");
  }

  @Test
  void aNewRequiredColumnKeepsTheVersionBeforeFromWriting() {
    migration(
        "20250120093000_require",
        "ALTER TABLE users ADD COLUMN org TEXT NOT NULL DEFAULT 'x';"
            + "ALTER TABLE users ALTER COLUMN org DROP DEFAULT");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .hasMessageContaining("'write public.users' fails")
        .hasMessageContaining("column org is required");
  }

  @Test
  void queriesOfTheConfigurationAreRunToo() {
    smoke = List.of("SELECT upper(name) FROM users WHERE email LIKE 'u1%'");
    migration("20250120093000_type", "ALTER TABLE users ALTER name TYPE BYTEA USING NULL");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .hasMessageContaining("'SELECT upper(name) FROM users")
        .hasMessageContaining("function upper(bytea) does not exist");
  }

  @Test
  void aQueryThatFailsBeforeAnyMigrationIsWrongItself() {
    smoke = List.of("SELECT nonsense");

    assertThatThrownBy(() -> proving().rehearse(RUN, take(), V1_1, false))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("fails before any migration");
  }

  @Test
  void aLongLockIsWarnedOf() {
    longestLock = Duration.ofMillis(100);
    migration("20250120093000_slow", "ALTER TABLE users ADD COLUMN a INT; SELECT pg_sleep(0.2)");

    proving().rehearse(RUN, take(), V1_1, false);

    assertThat(rehearsal().warnings().toString())
        .contains("keeps reads and writes from public.users for");
  }

  @Test
  void aCancelledRehearsalEndsAtOnce() throws Exception {
    migration("20250120093000_endless", "SELECT pg_sleep(600)");
    Backup backup = take();
    ScratchProving proving = proving();
    proving.prove(RUN, backup, true);
    Thread canceller = new Thread(() -> cancellation.request("SIGTERM"));
    canceller.start();

    assertThatThrownBy(() -> proving.rehearse(RUN, backup, V1_1, false))
        .isInstanceOf(DeployException.Cancelled.class);
    canceller.join();
    assertNothingLeft();
  }

  // --- helpers

  private void migration(String name, String sql) {
    migrations.add(
        new MigrationFile(
            name.substring(0, 14), "internal/gateway/db/migrations/" + name + ".sql", sql));
  }

  private PlainDumps dumps() {
    PlainDumps made = dumps;
    if (made == null) {
      made =
          new PlainDumps(
              source, folder, new SystemCommands(ProcessBuilder::new, cancellation, Map::of));
      dumps = made;
    }
    return made;
  }

  private Backup take() {
    return dumps().backup(new Request(RUN, "production", Version.parse("v1.0.0")));
  }

  private ScratchProving proving() {
    return proving(
        new EmbeddedScratch(folder.resolve("scratch"), shared.resolve("programs"), new Secrets()));
  }

  private ScratchProving proving(ScratchDatabases scratch) {
    return new ScratchProving(
        "production",
        new BackupConfig(
            null,
            null,
            null,
            null,
            prove,
            new ScratchConfig(null, folder),
            new RehearsalConfig(smoke, null, longestLock),
            new RetentionConfig(5, Duration.ofDays(7))),
        dumps(),
        scratch,
        new LiveDatabase(source),
        new Releases(),
        events::add,
        cancellation);
  }

  private String evidence() {
    return events.stream()
        .filter(Event.BackupProven.class::isInstance)
        .map(event -> ((Event.BackupProven) event).evidence())
        .findFirst()
        .orElseThrow();
  }

  private Rehearsal rehearsal() {
    return events.stream()
        .filter(Event.Rehearsed.class::isInstance)
        .map(event -> ((Event.Rehearsed) event).rehearsal())
        .findFirst()
        .orElseThrow();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  /** One release, with the migrations of the test. */
  private final class Releases implements ReleaseSource {
    @Override
    public String location() {
      return "memory";
    }

    @Override
    public List<Release> releases() {
      return List.of(new Release(V1_1, "v1.1.0", "", "", false, null));
    }

    @Override
    public ReleaseFiles files(String tag) {
      return new ReleaseFiles(null, migrations);
    }
  }

  /** The embedded server, asked for a copy of a database of a server to come. */
  private final class TooOld implements ScratchDatabases {
    private final EmbeddedScratch embedded =
        new EmbeddedScratch(folder.resolve("scratch"), shared, new Secrets());

    @Override
    public String display() {
      return embedded.display();
    }

    @Override
    public boolean keepsRoles() {
      return true;
    }

    @Override
    public Optional<Problem> obstacle(Need need) {
      return embedded.obstacle(later(need));
    }

    @Override
    public ScratchDatabase open(String name, Need need) {
      return embedded.open(name, later(need));
    }

    private Need later(Need need) {
      return new Need(99, need.bytes(), need.extensions(), need.roles());
    }
  }
}
