package io.rackgateway.deploy.backup.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.manifest.EnvFileVariables;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.restore.snapshot.SnapshotRestorer;
import io.rackgateway.deploy.testing.RdsStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restored RDS instance takes the live one's place: two real PostgreSQL servers, one for each,
 * behind a stand-in of the RDS API, and the gateway's address in a file.
 */
@Tag("postgres")
class RdsTakeOverTest {

  private static final RunId RUN = new RunId("20260116-101500-aa11bb");
  private static final String COPY = "gateway-restored-" + RUN;
  private static final String[] ROLES = {
    "CREATE ROLE owner LOGIN PASSWORD 'own3r'", "CREATE ROLE app LOGIN PASSWORD '4pp'"
  };

  @TempDir static Path sourceFolder;
  @TempDir static Path restoredFolder;
  @TempDir Path folder;

  private static TestPostgres source;
  private static TestPostgres other;

  private RdsStandIn standIn;
  private Rds rds;
  private Path file;
  private DatabaseAddress address;
  private Backup backup;
  private Restorer restorer;

  @BeforeAll
  static void start() throws Exception {
    source = TestPostgres.start(sourceFolder);
    other = TestPostgres.start(restoredFolder);
    source.execute("postgres", ROLES);
    other.execute("postgres", ROLES);
  }

  @AfterAll
  static void stop() throws IOException {
    source.close();
    other.close();
  }

  @BeforeEach
  void prepare() throws Exception {
    standIn = new RdsStandIn();
    standIn.addInstance("gateway");
    standIn.answersAt("gateway", "localhost", source.port());
    standIn.restoredAnswerAt("127.0.0.1", other.port());
    rds = new Rds(standIn);
    rds.database = new DatabaseConfig(url("app", "4pp"), url("owner", "own3r"));
    for (TestPostgres server : List.of(source, other)) {
      server.execute("postgres", "DROP DATABASE IF EXISTS gateway WITH (FORCE)");
      server.execute("postgres", "CREATE DATABASE gateway OWNER owner");
      server.execute(
          "gateway",
          "SET ROLE owner",
          "CREATE SCHEMA audit",
          "CREATE TABLE audit.audit_event (seq int PRIMARY KEY, what text)",
          "CREATE TABLE users (id int PRIMARY KEY, email text)",
          "INSERT INTO audit.audit_event VALUES (1, 'created')",
          "INSERT INTO users VALUES (1, 'old@example.com')");
    }
    file = folder.resolve("gateway.env");
    Files.writeString(
        file,
        "# the gateway\nPORT=1\nDATABASE_URL=%s\nADMIN_DATABASE_URL=%s\n"
            .formatted(url("app", "4pp").value(), url("owner", "own3r").value()));
    address = EnvFileVariables.address(file, this::variables, DatabaseVariables.USUAL, folder);
    backup = rds.snapshots().backup(Rds.REQUEST);
    restorer = restorer();
  }

  @AfterEach
  void close() {
    standIn.close();
  }

  /** As another process would make it: nothing is remembered. */
  private Restorer restorer() {
    return new SnapshotRestorer(
        rds.snapshots(),
        address,
        PostgresUrl.parse("database.url", rds.database.url()),
        PostgresUrl.parse("database.adminUrl", rds.database.dumpUrl()),
        folder.resolve("deltas"),
        rds.waits(),
        rds.events::add);
  }

  @Test
  void theRestoredInstanceBecomesTheGatewaysAndNothingIsLost() throws Exception {
    Gate gate = restorer.preflight(backup);
    assertThat(gate.result()).as(gate.evidence()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence()).contains("DATABASE_URL in " + file).doesNotContain("own3r", "4pp");
    write();

    restorer.makeCopy(backup, RUN);
    assertThat(restorer().switched(RUN)).isFalse();
    Restored.Delta delta = restorer().saveDelta(backup, RUN);

    assertThat(delta.summary()).startsWith("1 audit event, 2 rows in 1 other table");
    assertThat(Path.of(delta.location())).startsWith(folder.resolve("deltas")).isDirectory();
    assertThatThrownBy(() -> connect(source.port()).close())
        .hasMessageContaining("not currently accepting connections");

    restorer().switchOver(backup, RUN);

    assertThat(file)
        .hasContent(
            "# the gateway\nPORT=1\nDATABASE_URL=%s\nADMIN_DATABASE_URL=%s\n"
                .formatted(url("app", "4pp").value(), url("owner", "own3r").value())
                .replace("localhost:" + source.port(), "127.0.0.1:" + other.port()));
    assertThat(restorer().switched(RUN)).isTrue();
    assertThat(restorer().saveDelta(backup, RUN)).isEqualTo(delta);
    restorer().makeCopy(backup, RUN);
    restorer().switchOver(backup, RUN);
    assertThat(restorer().restored(backup, RUN).oldDatabase()).isEqualTo("gateway");
    assertThat(notices()).anyMatch(text -> text.contains("give backup.rds that name"));
    try (Connection live = connect(other.port())) {
      assertThat(live.isValid(5)).isTrue();
    }
  }

  @Test
  void theOldInstanceIsKeptUntilItIsDroppedAndItsProtectionRespected() {
    takeOver();
    assertThat(restorer().kept())
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.name()).isEqualTo("gateway");
              assertThat(kept.bytes()).isEqualTo(100L << 30);
              assertThat(kept.origin()).isEqualTo("live before run " + RUN);
            });
    standIn.instance("gateway").fields.put("DeletionProtection", "true");
    assertThatThrownBy(() -> restorer().drop(restorer().kept().get(0)))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("DB instance gateway is protected from being deleted");
    assertThat(standIn.instances()).contains("gateway", COPY);

    standIn.instance("gateway").fields.put("DeletionProtection", "false");
    restorer().drop(restorer().kept().get(0));

    assertThat(standIn.instances()).containsExactly(COPY);
    assertThat(standIn.calls("DeleteDBInstance"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call)
                    .containsEntry("FinalDBSnapshotIdentifier", "gateway-last-" + RUN)
                    .containsEntry("SkipFinalSnapshot", "false"));
    assertThat(restorer().kept()).isEmpty();
  }

  @Test
  void whatIsLiveIsNeverDropped() {
    takeOver();
    restorer().drop(new Restorer.Kept(COPY, 0, ""));
    assertThat(standIn.instances()).contains("gateway", COPY);
  }

  @Test
  void switchedBackTheOldInstanceIsLiveAndTheCopyIsKept() throws Exception {
    byte[] before = Files.readAllBytes(file);
    takeOver();

    restorer().switchBack(RUN);
    restorer().switchBack(RUN);
    restorer().discardCopy(RUN);

    assertThat(file).hasBinaryContent(before);
    assertThat(restorer().switched(RUN)).isFalse();
    assertThat(restorer().retired(RUN)).contains(COPY);
    assertThat(standIn.instances()).contains("gateway", COPY);
    try (Connection live = connect(source.port())) {
      assertThat(live.isValid(5)).isTrue();
    }
    assertThat(restorer().kept())
        .singleElement()
        .extracting(Restorer.Kept::name, Restorer.Kept::origin)
        .containsExactly(COPY, "restored by run " + RUN + ", not live");
  }

  @Test
  void aCopyThatWasNeverLiveIsRemovedUnlessItIsProtected() throws Exception {
    restorer.makeCopy(backup, RUN);
    restorer.saveDelta(backup, RUN);
    standIn.instance(COPY).fields.put("DeletionProtection", "true");

    restorer().switchBack(RUN);
    restorer().discardCopy(RUN);
    assertThat(standIn.instances()).contains(COPY);
    assertThat(notices()).anyMatch(text -> text.contains(COPY + " stays:"));

    standIn.instance(COPY).fields.put("DeletionProtection", "false");
    restorer().discardCopy(RUN);
    restorer().discardCopy(RUN);
    assertThat(standIn.instances()).containsExactly("gateway");
    try (Connection live = connect(source.port())) {
      assertThat(live.isValid(5)).isTrue();
    }
  }

  @Test
  void aSlowAndThrottledRestoreIsWaitedFor() {
    standIn.restoresTake(4);
    standIn.refuse("RestoreDBInstanceFromDBSnapshot", 1, 400, "Throttling", "Rate exceeded");
    standIn.refuse("DescribeDBInstances", 2, 503, "ServiceUnavailable", "Try later");

    takeOver();

    assertThat(restorer().switched(RUN)).isTrue();
    assertThat(standIn.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(2);
  }

  @Test
  void aFailedRestoreLeavesEverythingAsItWas() throws Exception {
    byte[] before = Files.readAllBytes(file);
    standIn.nextRestoreEndsAs("incompatible-restore");

    assertThatThrownBy(() -> restorer.makeCopy(backup, RUN))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("incompatible-restore");

    assertThat(file).hasBinaryContent(before);
    assertThat(restorer().switched(RUN)).isFalse();
  }

  @Test
  void anAddressOfAnotherServerBlocks() throws Exception {
    Files.writeString(file, "DATABASE_URL=postgres://app:4pp@elsewhere.example.com/gateway\n");

    Gate gate = restorer.preflight(backup);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence())
        .contains("leads to elsewhere.example.com:5432", "neither DB instance gateway")
        .doesNotContain("4pp");
  }

  @Test
  void whereNoVariableIsFoundTheGateSaysWhereItLooked() throws Exception {
    Files.writeString(file, "PORT=1\n");

    Gate gate = restorer.preflight(backup);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("DATABASE_URL", file.toString());
    assertThat(gate.next()).contains("database.variables");
  }

  @Test
  void aRoleThatMayNotShutTheDatabaseBlocks() throws Exception {
    source.execute("postgres", "ALTER DATABASE gateway OWNER TO postgres");

    Gate gate = restorer.preflight(backup);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("may not shut it to others");
  }

  @Test
  void afterwardsTheOldInstanceIsNotBackedUpAnyMore() {
    takeOver();
    rds.replacement =
        address.replacementOf(List.of(new PostgresUrl.Server("localhost", source.port())));

    Gate backupGate = rds.snapshots().preflight();
    Gate restoreGate = restorer().preflight(backup);

    assertThat(backupGate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(backupGate.evidence())
        .isEqualTo(
            "DB instance gateway is no longer the gateway's database: a restore put "
                + COPY
                + " in its place");
    assertThat(restoreGate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(restoreGate.evidence()).contains("is no longer the gateway's database");
  }

  private void takeOver() {
    restorer.makeCopy(backup, RUN);
    restorer().saveDelta(backup, RUN);
    restorer().switchOver(backup, RUN);
  }

  private static void write() throws SQLException {
    source.execute(
        "gateway",
        "INSERT INTO audit.audit_event VALUES (2, 'after the backup')",
        "INSERT INTO users VALUES (2, 'new@example.com')",
        "UPDATE users SET email = 'changed@example.com' WHERE id = 1");
  }

  private List<String> notices() {
    return rds.events.stream()
        .filter(Event.Notice.class::isInstance)
        .map(event -> ((Event.Notice) event).text())
        .toList();
  }

  private static Secret url(String user, String password) {
    return new Secret(
        "postgres://" + user + ":" + password + "@localhost:" + source.port() + "/gateway");
  }

  private static Connection connect(int port) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "app");
    login.setProperty("password", "4pp");
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/gateway", login);
  }

  private Map<String, String> variables() {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.matches("[A-Z_]+=.*"))
          .map(line -> line.split("=", 2))
          .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
