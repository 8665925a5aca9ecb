package io.rackgateway.deploy.restore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.restore.server.Server;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an owner like an RDS instance's admin: no superuser, but a role with CREATEDB. */
@Tag("postgres")
class PostgresRestorerTest {

  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final String COPY = "gate way_restored_20260115_031500_7f3a9c";
  private static final String OLD = "gate way_before_20260115_031500_7f3a9c";

  @TempDir static Path shared;
  @TempDir Path folder;

  private static TestPostgres server;
  private static PostgresUrl admin;
  private Script backups;
  private Backup backup;
  private Restorer restorer;

  @BeforeAll
  static void start() throws Exception {
    server = TestPostgres.start(shared);
    admin = server.create("gate way", "owner", "se'cret");
    server.execute(
        "postgres",
        "CREATE ROLE app LOGIN PASSWORD 'app'",
        "CREATE ROLE reports LOGIN PASSWORD 'reports'");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void prepare() throws SQLException {
    server.execute("postgres", "ALTER ROLE owner CREATEDB");
    for (String name : List.of("gate way", COPY, OLD)) {
      server.execute("postgres", "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
    }
    server.execute("postgres", "CREATE DATABASE \"gate way\" OWNER owner");
    backups = new Script();
    backup =
        new Backup(
            "b1",
            "script",
            "test",
            folder.resolve("b1").toString(),
            1,
            "00",
            Proof.LISTED,
            Version.parse("v1.0.0"),
            Instant.EPOCH,
            Duration.ZERO);
    Waits waits =
        new Waits(Clock.systemUTC(), new Cancellation(), new EventStream(Clock.systemUTC()));
    restorer = new PostgresRestorer(admin, "app", backups, waits);
  }

  @Test
  void aRoleThatCannotRenameOrCreateIsToldWhatItLacks() throws SQLException {
    assertThat(restorer.preflight(backup).result()).isEqualTo(Gate.Result.PASS);
    server.execute("postgres", "ALTER ROLE owner NOCREATEDB");
    assertThat(restorer.preflight(backup).evidence()).contains("may not create databases");
    assertThat(restorer.preflight(backup).next()).contains("ALTER ROLE \"owner\" CREATEDB");
    server.execute(
        "postgres", "ALTER ROLE owner CREATEDB", "ALTER DATABASE \"gate way\" OWNER TO postgres");
    assertThat(restorer.preflight(backup).evidence()).contains("belongs to role 'postgres'");
  }

  @Test
  void aSessionThatCannotBeEndedIsNamedUnlessItIsTheGatewaysOwn() throws SQLException {
    try (Connection ignored = session("app")) {
      assertThat(ignored.isValid(5)).isTrue();
      assertThat(restorer.preflight(backup).result()).isEqualTo(Gate.Result.PASS);
    }
    try (Connection ignored = session("reports")) {
      assertThat(ignored.isValid(5)).isTrue();
      Gate gate = restorer.preflight(backup);
      assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
      assertThat(gate.evidence()).contains("role 'reports'");
      server.execute("postgres", "GRANT pg_signal_backend TO owner");
      assertThat(restorer.preflight(backup).result()).isEqualTo(Gate.Result.PASS);

      backups.sql = new String[] {"CREATE TABLE t (id int)"};
      restorer.makeCopy(backup, RUN);
      restorer.saveDelta(backup, RUN);
      assertThat(ignored.isValid(5)).as("the session").isFalse();
      restorer.switchOver(backup, RUN);
      assertThat(restorer.switched(RUN)).isTrue();
    } finally {
      server.execute("postgres", "REVOKE pg_signal_backend FROM owner");
    }
  }

  @Test
  void everyKindOfDifferenceIsSavedOnceAndAsPostgresWritesIt() throws Exception {
    String[] before = {
      "CREATE TABLE \"Odd name\" (a text, b uuid, n numeric, PRIMARY KEY (a, b))",
      "CREATE TABLE bag (v text, j jsonb)",
      "CREATE TABLE big (id bigint PRIMARY KEY, v double precision, x bytea)",
      "CREATE TABLE gone (id int)",
      "INSERT INTO \"Odd name\" SELECT s, 'a0000000-0000-0000-0000-000000000001', 1.10 FROM"
          + " unnest('{a,B,Z,ä,𝄞,\"\",\ufffd}'::text[]) s",
      "INSERT INTO bag VALUES ('x', '1'), ('x', '1'), ('y', NULL), (NULL, NULL)",
      "INSERT INTO big SELECT n, n / 3.0, '\\x00ff' FROM generate_series(1, 3000) n",
      "INSERT INTO gone VALUES (1)"
    };
    backups.sql = before;
    Server live = new Server(admin);
    try (Connection connection = live.connect("gate way")) {
      for (String sql : before) {
        Server.execute(connection, sql);
      }
      for (String sql :
          List.of(
              "UPDATE \"Odd name\" SET n = 1.1 WHERE a = '𝄞'",
              "DELETE FROM \"Odd name\" WHERE a = 'B'",
              "INSERT INTO \"Odd name\" VALUES ('b', 'a0000000-0000-0000-0000-000000000002', 'NaN')",
              "INSERT INTO bag VALUES ('x', '1'), ('z', E'{\"k\": [1.50]}')",
              "DELETE FROM bag WHERE v IS NULL",
              "UPDATE big SET v = 0.1 WHERE id = 2999",
              "INSERT INTO big VALUES (-5, 'Infinity', NULL)",
              "ALTER TABLE big ADD COLUMN note text",
              "UPDATE big SET note = 'kept' WHERE id IN (9, 10)",
              "DROP TABLE gone",
              "CREATE TABLE fresh (id int, at timestamptz)",
              "INSERT INTO fresh VALUES (1, '2026-01-15 03:15:00.123456+02')")) {
        Server.execute(connection, sql);
      }
    }

    restorer.makeCopy(backup, RUN);
    Restored.Delta delta = restorer.saveDelta(backup, RUN);

    Path place = Path.of(delta.location());
    assertThat(lines(place.resolve("public.%0022Odd%0020name%0022.ndjson.gz")))
        .containsExactlyInAnyOrder(
            "{\"op\":\"update\",\"key\":{\"a\":\"𝄞\",\"b\":\"a0000000-0000-0000-0000-000000000001\"},"
                + "\"row\":{\"a\":\"𝄞\",\"b\":\"a0000000-0000-0000-0000-000000000001\",\"n\":\"1.1\"},"
                + "\"backup\":{\"a\":\"𝄞\",\"b\":\"a0000000-0000-0000-0000-000000000001\",\"n\":\"1.10\"}}",
            "{\"op\":\"delete\",\"key\":{\"a\":\"B\",\"b\":\"a0000000-0000-0000-0000-000000000001\"},"
                + "\"backup\":{\"a\":\"B\",\"b\":\"a0000000-0000-0000-0000-000000000001\",\"n\":\"1.10\"}}",
            "{\"op\":\"insert\",\"key\":{\"a\":\"b\",\"b\":\"a0000000-0000-0000-0000-000000000002\"},"
                + "\"row\":{\"a\":\"b\",\"b\":\"a0000000-0000-0000-0000-000000000002\",\"n\":\"NaN\"}}");
    assertThat(lines(place.resolve("public.bag.ndjson.gz")))
        .containsExactlyInAnyOrder(
            "{\"op\":\"insert\",\"row\":{\"v\":\"x\",\"j\":1}}",
            "{\"op\":\"insert\",\"row\":{\"v\":\"z\",\"j\":{\"k\": [1.50]}}}",
            "{\"op\":\"delete\",\"backup\":{\"v\":null,\"j\":null}}");
    assertThat(lines(place.resolve("public.big.ndjson.gz")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("{\"op\":\"insert\",\"key\":{\"id\":\"-5\"}"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"op\":\"columns\",\"key\":{\"id\":\"9\"},\"row\":{\"note\":\"kept\"}}"),
            line -> assertThat(line).contains("\"columns\"", "\"10\""),
            line ->
                assertThat(line).contains("\"update\"", "\"2999\"", "\"v\":\"0.1\"", "\\\\x00ff"));
    assertThat(lines(place.resolve("public.fresh.ndjson.gz")))
        .containsExactly(
            "{\"op\":\"insert\",\"row\":{\"id\":\"1\",\"at\":\"2026-01-15 01:15:00.123456+00\"}}");
    assertThat(Files.readString(place.resolve("delta.json")))
        .contains("\"tablesOnlyInBackup\" : [ \"public.gone\" ]");
    assertThat(delta.summary()).isEqualTo("0 audit events, 11 rows in 4 other tables");
  }

  @Test
  void whatAKilledAttemptLeftIsMadeAnewAndAWholeCopyIsLeftAlone() throws SQLException {
    backups.sql = new String[] {"CREATE TABLE t (id int)", "SELECT 1 / 0"};
    assertThatThrownBy(() -> restorer.makeCopy(backup, RUN))
        .isInstanceOf(DeployException.StepFailed.class);
    backups.sql = new String[] {"CREATE TABLE t (id int)"};
    restorer.makeCopy(backup, RUN);
    restorer.makeCopy(backup, RUN);
    assertThat(backups.loads).isEqualTo(2);

    restorer.saveDelta(backup, RUN);
    restorer.switchOver(backup, RUN);
    restorer.switchOver(backup, RUN);
    assertThat(restorer.kept()).extracting(Restorer.Kept::name).containsExactly(OLD);
    restorer.switchBack(RUN);
    restorer.switchBack(RUN);
    restorer.discardCopy(RUN);
    assertThat(restorer.retired(RUN)).as("it was live, so it is kept").contains(COPY);
    restorer.kept().forEach(restorer::drop);
    assertThat(restorer.kept()).isEmpty();
    assertThat(server.query("gate way", "SELECT to_regclass('t') IS NULL")).isEqualTo("t");
  }

  @Test
  void nobodyGetsInBetweenTheDeltaAndTheSwitch() throws SQLException {
    backups.sql = new String[] {"CREATE TABLE t (id int)"};
    restorer.makeCopy(backup, RUN);
    restorer.saveDelta(backup, RUN);
    assertThatThrownBy(() -> session("app")).hasMessageContaining("not currently accepting");
    restorer.switchBack(RUN);
    try (Connection again = session("app")) {
      assertThat(again.isValid(5)).isTrue();
    }
    restorer.discardCopy(RUN);
    assertThat(restorer.kept()).isEmpty();
  }

  private static Connection session(String role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/gate%20way", role, role);
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /** A backup that is a list of statements. It checks nothing and knows no facts. */
  private static final class Script implements ArchiveBackups {

    String[] sql = {};
    int loads;

    @Override
    public void check(Backup backup) {
      // Nothing can be damaged.
    }

    @Override
    public void load(Backup backup, PostgresUrl into, boolean unowned) {
      loads++;
      try (Connection connection = new Server(into).connect(into.database())) {
        for (String statement : sql) {
          Server.execute(connection, statement);
        }
      } catch (SQLException e) {
        throw new DeployException.StepFailed(String.valueOf(e.getMessage()), "mend it");
      }
    }

    @Override
    public String kind() {
      return "script";
    }

    @Override
    public Gate preflight() {
      return Gate.pass("backup", "possible");
    }

    @Override
    public List<PlannedStep> steps() {
      return List.of();
    }

    @Override
    public Backup backup(Request request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Backup> list(String gateway) {
      return List.of();
    }

    @Override
    public Optional<DatabaseFacts> facts(Backup backup) {
      return Optional.empty();
    }

    @Override
    public Backup recordProof(Backup backup) {
      return backup;
    }

    @Override
    public void remove(Backup backup) {
      throw new UnsupportedOperationException();
    }
  }
}
