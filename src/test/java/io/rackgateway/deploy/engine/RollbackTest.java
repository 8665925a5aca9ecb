package io.rackgateway.deploy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.diagnose.Diagnostics;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.KillingJournal;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.Verifier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way a gateway goes back, by itself and by command. */
class RollbackTest {

  @TempDir Path folder;

  private FakePlatform platform = new FakePlatform();
  private FakeRestorer restorer = new FakeRestorer(platform);
  private final Set<String> breaking = new HashSet<>();
  private Settings.DatabaseRollback policy = Settings.DatabaseRollback.ASK;
  private int journals;
  private @Nullable Journal journal;

  @BeforeEach
  void open() {
    fresh();
  }

  @AfterEach
  void close() {
    journal().close();
  }

  // By itself

  @Test
  void aFailureBeforeAnyMigrationBringsBackTheApplicationAlone() {
    platform.broken.add("run-migrations");

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.details()).noneMatch(line -> line.contains("the database"));
    assertThat(platform.running).isEqualTo("v1.0.0");
  }

  @Test
  void additiveMigrationsStayAndTheVersionBeforeIsVerifiedOnThem() {
    platform.broken.add("v1.1.0");

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.details())
        .anyMatch(line -> line.contains("keeps what") && line.contains("additive"));
    assertThat(platform.migrations).containsExactly("v1.1.0");
  }

  @Test
  void theRehearsalIsNamedAsTheReasonWhereThereWasOne() {
    platform.proving = new FakeProving(platform);
    platform.broken.add("v1.1.0");

    assertThat(upgrade("v1.1.0").details())
        .anyMatch(line -> line.contains("in the rehearsal the queries of v1.0.0 ran"));
  }

  @Test
  void aBrokenSchemaIsRestoredWhereThatIsAutomatic() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    breakingUpgradeFails();

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.message()).contains("v1.0.0 runs again on its database from before");
    assertThat(result.details())
        .anyMatch(line -> line.contains("saved in memory: 3 audit events"))
        .anyMatch(line -> line.contains("kept as 'old'"));
    assertThat(result.restore()).isNotNull();
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.migrations).isEmpty();
    assertThat(restorer.shut).isFalse();
  }

  @Test
  void aBrokenSchemaIsLeftAndTheCommandNamedWhereAHumanIsToBeAsked() {
    breakingUpgradeFails();
    platform.intolerant.clear();

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(platform.migrations).containsExactly("v1.1.0");
    assertThat(result.details())
        .anyMatch(line -> line.contains("rollback.database is ask"))
        .anyMatch(line -> line.contains("run 'restore --backup backup-"));
  }

  @Test
  void whatAHumanNeedsIsSaidWhereTheVersionBeforeCannotRunOnTheSchema() {
    breakingUpgradeFails();

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.FAILED);
    assertThat(result.details())
        .anyMatch(line -> line.startsWith("what runs: memory names v1.0.0"))
        .anyMatch(line -> line.startsWith("the database: as the migrations of v1.1.0 left it"))
        .anyMatch(line -> line.startsWith("the backup from before: backup-"))
        .anyMatch(line -> line.contains("rollback --restore-database --backup backup-"));
    RunResult restored =
        engine().restore(planner(), new RestoreRequest(true, null, null, null, null, List.of()));
    assertThat(restored.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.migrations).isEmpty();
  }

  @Test
  void theVersionBeforeIsTriedOnTheMigratedDatabaseWhereTheCopyCannotBeMade() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    breakingUpgradeFails();
    platform.intolerant.clear();
    platform.broken.add("make-copy");

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.details()).anyMatch(line -> line.contains("make-copy broke"));
    assertThat(platform.running).isEqualTo("v1.0.0");
  }

  @Test
  void aRestoreThatFailsHalfWayLeavesTheLiveDatabaseOpenAndTheVersionBeforeOnIt() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    breakingUpgradeFails();
    platform.intolerant.clear();
    platform.broken.add("switch-database");

    RunResult result = upgrade("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(restorer.shut).isFalse();
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.migrations).containsExactly("v1.1.0");
  }

  @Test
  void anUndoingThatRestoresIsFinishedWhereverItIsKilled() {
    int killed = 0;
    for (int point = 1; point < 200; point++) {
      fresh();
      policy = Settings.DatabaseRollback.AUTOMATIC;
      breakingUpgradeFails();
      if (!dies(point)) {
        break;
      }
      killed++;
      RunResult result = engine().resume(null, false).orElse(null);

      if (result != null) {
        assertThat(result.outcome()).as("point " + point).isEqualTo(ExitCode.UNDONE);
      }
      assertThat(platform.running).as("point " + point).isEqualTo("v1.0.0");
      assertThat(platform.migrations).as("point " + point).isEmpty();
      assertThat(platform.backups).as("point " + point).hasSize(1);
      assertThat(platform.mark).as("point " + point).isNull();
      assertThat(restorer.shut).as("point " + point).isFalse();
    }
    assertThat(killed).isGreaterThan(15);
  }

  // By command

  @Test
  void additiveUpgradesGoBackWithTheApplicationAloneAndSaySo() {
    upgrade("v1.1.0");

    RunResult result = rollback("v1.0.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(route(result).result()).isEqualTo(Gate.Result.PASS);
    assertThat(route(result).evidence()).contains("the application alone").contains("additive");
    assertThat(platform.migrations).containsExactly("v1.1.0");
  }

  @Test
  void aBreakingUpgradeGoesBackOnlyWithItsDatabaseOrWithAWord() {
    breaking.add("v1.1.0");
    upgrade("v1.1.0");

    assertThatThrownBy(() -> rollback("v1.0.0"))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("v1.0.0 cannot work with the schema that migration v1.1.0 left");
    assertThat(platform.running).isEqualTo("v1.1.0");

    RunResult result = rollback("v1.0.0", new Acceptance("rollback-route", "without-database"));
    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.migrations).containsExactly("v1.1.0");
  }

  @Test
  void aBreakingUpgradeGoesBackWithItsDatabaseByItselfWhereThatIsAutomatic() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    breaking.add("v1.1.0");
    upgrade("v1.1.0");

    RunResult result = rollback("v1.0.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(route(result).evidence()).contains("the database goes back too");
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.migrations).isEmpty();
  }

  @Test
  void threeVersionsBackLooksAtEveryUpgradeInBetween() {
    breaking.add("v1.1.0");
    upgrade("v1.1.0");
    breaking.clear();
    upgrade("v1.2.0");
    upgrade("v1.3.0");

    assertThatThrownBy(() -> rollback("v1.0.0")).hasMessageContaining("migration v1.1.0");
    assertThat(rollback("v1.1.0").outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.1.0");
  }

  @Test
  void threeVersionsBackWithTheDatabaseTakesTheBackupOfThatVersion() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    upgrade("v1.1.0");
    breaking.add("v1.2.0");
    upgrade("v1.2.0");
    breaking.clear();
    upgrade("v1.3.0");

    assertThat(rollback("v1.0.0").outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.migrations).isEmpty();
  }

  @Test
  void aSecondRollbackGoesOneUpgradeFurtherBack() {
    upgrade("v1.1.0");
    upgrade("v1.2.0");

    rollback(engine().versionBefore().orElseThrow().tag());
    assertThat(platform.running).isEqualTo("v1.1.0");
    rollback(engine().versionBefore().orElseThrow().tag());
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(engine().versionBefore()).isEmpty();
  }

  @Test
  void aRollbackCanBeTakenBack() {
    upgrade("v1.1.0");
    rollback("v1.0.0");

    RunResult result = rollback("v1.1.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.1.0");
    assertThat(result.gates())
        .anyMatch(gate -> gate.evidence().contains("takes the rollback") && passes(gate));
  }

  @Test
  void aRollbackThatRestoredTheDatabaseIsTakenBackByAnUpgradeOnly() {
    policy = Settings.DatabaseRollback.AUTOMATIC;
    breaking.add("v1.1.0");
    upgrade("v1.1.0");
    rollback("v1.0.0");

    assertThatThrownBy(() -> rollback("v1.1.0"))
        .hasMessageContaining("restored the database")
        .extracting(e -> ((DeployException) e).problem().next())
        .isEqualTo("use 'upgrade --to v1.1.0'");
    assertThat(upgrade("v1.1.0").outcome()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aNewerVersionThatNeverRanIsNoRollback() {
    assertThatThrownBy(() -> rollback("v1.1.0"))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("v1.1.0 is newer than v1.0.0");
  }

  @Test
  void aFreshRunnerGoesBackToANamedVersionAndSaysWhatItCannotKnow() {
    upgrade("v1.1.0");
    journal().close();
    openJournal();

    RunResult result = rollback("v1.0.0");

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(route(result).result()).isEqualTo(Gate.Result.WARN);
    assertThat(route(result).evidence()).contains("is not known");
  }

  private void breakingUpgradeFails() {
    breaking.add("v1.1.0");
    platform.broken.add("v1.1.0");
    platform.intolerant.put("v1.1.0", "v1.0.0");
  }

  private boolean dies(int point) {
    Journal dying =
        new KillingJournal(
                journal(),
                point,
                "turnBack",
                () -> {
                  throw new Killed();
                })
            .journal();
    try {
      new Engine(settings(), ports(), dying, new Random(point))
          .carryOut(planner(), request(Plan.Kind.UPGRADE, "v1.1.0"));
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  private static boolean passes(Gate gate) {
    return gate.result() == Gate.Result.PASS;
  }

  private static Gate route(RunResult result) {
    return result.gates().stream()
        .filter(gate -> gate.name().equals("rollback-route"))
        .findFirst()
        .orElseThrow();
  }

  private RunResult upgrade(String version) {
    return engine().carryOut(planner(), request(Plan.Kind.UPGRADE, version));
  }

  private RunResult rollback(String version, Acceptance... accept) {
    return engine().carryOut(planner(), request(Plan.Kind.ROLLBACK, version, accept));
  }

  private static Planner.Request request(Plan.Kind kind, String version, Acceptance... accept) {
    return new Planner.Request(kind, Version.parse(version), null, null, List.of(accept));
  }

  private Engine engine() {
    return new Engine(settings(), ports(), journal(), new Random());
  }

  private Planner planner() {
    return new Planner(settings(), ports());
  }

  private Settings settings() {
    return new Settings(
        "prod",
        "test",
        true,
        Duration.ofSeconds(5),
        true,
        policy,
        true,
        List.of(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private Ports ports() {
    EventStream stream = new EventStream(Clock.systemUTC());
    return new Ports(
        platform,
        platform,
        restorer,
        platform.proving,
        () -> SchemaState.of(platform.migrations),
        List.of(new Migrations()),
        new Verifier(platform, List.of(), stream),
        AvailabilityProbe.none(),
        new FakeWatch(),
        Diagnostics.none(),
        Hooks.none(),
        new EventJson(new Secrets()),
        stream,
        new Waits(Clock.systemUTC(), new Cancellation(), stream));
  }

  /** Each version has one migration of its own name. */
  private final class Migrations implements GateCheck {

    @Override
    public String name() {
      return "migrations";
    }

    @Override
    public GateAnswer answer(GateContext context) {
      String version = context.to().tag();
      List<PendingMigration.Finding> findings =
          breaking.contains(version)
              ? List.of(
                  new PendingMigration.Finding(
                      PendingMigration.Kind.BREAKS_OLD_VERSION, 1, "users", "drops a column"))
              : List.of();
      return new GateAnswer(
          Gate.pass(name(), "1 migration"),
          Outlook.ofMigrations(List.of(new PendingMigration(version, version + ".sql", findings))));
    }
  }

  private void fresh() {
    if (journal != null) {
      journal.close();
    }
    platform = new FakePlatform();
    restorer = new FakeRestorer(platform);
    breaking.clear();
    openJournal();
  }

  private void openJournal() {
    journals++;
    journal =
        new Journals(new EventJson(new Secrets()), Clock.systemUTC())
            .open("jdbc:h2:file:" + folder.resolve("journal" + journals), new Properties(), "test");
  }

  private Journal journal() {
    return Objects.requireNonNull(journal);
  }

  /** The run's death. An Error, so that nothing handles it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
