package io.rackgateway.deploy.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.release.ReleaseSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationsGateTest {

  private static final String FIRST = "20250101000000";
  private static final String SECOND = "20250201000000";
  private static final String THIRD = "20250301000000";
  private static final String USERS =
      "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, role TEXT NOT NULL DEFAULT 'x');";

  private final Sources sources = new Sources();
  private final Map<String, TableSize> sizes = new HashMap<>();

  @Test
  void passesWhenTheDatabaseHoldsAllThatTheTargetKnows() {
    sources.of("v1.2.0", file(FIRST, USERS));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence())
        .isEqualTo("none to apply: the database holds all that v1.2.0 knows");
  }

  @Test
  void passesWhenAllThatIsToApplyIsAdditiveAndNamesItInOrder() {
    sources.of(
        "v1.2.0",
        file(THIRD, "ALTER TABLE users ADD COLUMN phone TEXT;"),
        file(FIRST, USERS),
        file(SECOND, "CREATE TABLE notes (id INT);"));

    GateAnswer answer = answer(SchemaState.of(List.of(FIRST)));

    assertThat(answer.gate().result()).isEqualTo(Gate.Result.PASS);
    assertThat(answer.gate().evidence())
        .isEqualTo("2 migrations, all additive; v1.1.0 can work with the schema afterwards");
    assertThat(answer.gate().details())
        .containsExactly("db/" + SECOND + "_x.sql: additive", "db/" + THIRD + "_x.sql: additive");
    assertThat(answer.outlook().migrations())
        .extracting(PendingMigration::version)
        .containsExactly(SECOND, THIRD);
    assertThat(answer.outlook().breaksOldVersion()).isFalse();
  }

  @Test
  void blocksForWhatTheRunningVersionCannotLiveWithUntilThatMigrationIsAccepted() {
    sizes.put("users", TableSize.counted(3));
    sources.of(
        "v1.2.0",
        file(FIRST, USERS),
        file(SECOND, "-- the name goes\nALTER TABLE users DROP COLUMN name;"),
        file(THIRD, "ALTER TABLE users ADD COLUMN phone TEXT;"));

    GateAnswer answer = answer(SchemaState.of(List.of(FIRST)));
    Gate gate = answer.gate();

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence())
        .isEqualTo(
            "v1.1.0 cannot work with the schema afterwards: db/"
                + SECOND
                + "_x.sql:2 users drops column name; rolling back needs the database restored");
    assertThat(gate.next()).endsWith("--accept migrations=" + SECOND);
    assertThat(gate.details())
        .containsExactly(
            "db/" + SECOND + "_x.sql:2 breaks-old-version users (3 rows): drops column name",
            "db/" + THIRD + "_x.sql: additive");
    assertThat(gate.accepting(List.of(SECOND)).result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.accepting(List.of(THIRD)).result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(answer.outlook().breaksOldVersion()).isTrue();
  }

  @Test
  void everyBreakingMigrationHasToBeAccepted() {
    sources.of(
        "v1.2.0",
        file(FIRST, USERS),
        file(SECOND, "ALTER TABLE users DROP COLUMN name;"),
        file(THIRD, "ALTER TABLE users DROP COLUMN role;"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.acknowledge()).containsExactly(SECOND, THIRD);
    assertThat(gate.accepting(List.of(SECOND)).result()).isEqualTo(Gate.Result.BLOCK);
  }

  @Test
  void blocksWhenTheDatabaseIsAheadOfTheTarget() {
    sources.of("v1.2.0", file(FIRST, USERS));

    Gate gate = gate(SchemaState.of(List.of(FIRST, SECOND, THIRD)));

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence())
        .isEqualTo(
            "the database holds 2 migrations that v1.2.0 does not know: " + SECOND + ", " + THIRD);
    assertThat(gate.acknowledge()).containsExactly("ahead-" + THIRD);
  }

  @Test
  void aLockOnABigTableWarnsWithItsRows() {
    sizes.put("users", TableSize.estimated(1_234_567));
    sources.of(
        "v1.2.0", file(FIRST, USERS), file(SECOND, "CREATE INDEX users_name ON users (name);"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence())
        .isEqualTo("1 migration: locks for long: users (about 1,234,567 rows)");
    assertThat(gate.details())
        .containsExactly(
            "db/"
                + SECOND
                + "_x.sql:1 locks users (about 1,234,567 rows): builds an index while writers wait");
  }

  @Test
  void aLockOnASmallTableIsOnlyADetail() {
    sizes.put("users", TableSize.counted(999));
    sources.of(
        "v1.2.0", file(FIRST, USERS), file(SECOND, "CREATE INDEX users_name ON users (name);"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence())
        .isEqualTo(
            "1 migration, with locks on small tables only; v1.1.0 can work with the schema"
                + " afterwards");
    assertThat(gate.details()).hasSize(1).first().asString().contains("users (999 rows)");
  }

  @Test
  void aLockOnATableOfUnknownSizeIsNotTakenToBeShort() {
    sizes.put("users", TableSize.unknown("no permission"));
    sources.of(
        "v1.2.0", file(FIRST, USERS), file(SECOND, "CREATE INDEX users_name ON users (name);"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence()).contains("users (rows not known: no permission)");
  }

  @Test
  void whatCannotBeJudgedNeverPasses() {
    sources.of("v1.2.0", file(FIRST, USERS), file(SECOND, "DO $$ BEGIN NULL; END $$;"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence())
        .isEqualTo(
            "1 migration: 1 statement cannot be judged, so it is not known whether v1.1.0 can work"
                + " with the schema afterwards");
    assertThat(gate.next()).contains("read the statements");
  }

  @Test
  void whatMayFailOnTheDataWarns() {
    sizes.put("users", TableSize.counted(2));
    sources.of(
        "v1.2.0",
        file(FIRST, USERS + "ALTER TABLE users ADD CHECK (id > 0) NOT VALID;"),
        file(SECOND, "ALTER TABLE users VALIDATE CONSTRAINT users_id_check;"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence()).contains("1 statement may fail on the data that is there");
  }

  @Test
  void anUnreadableDatabaseIsReplacedByTheRunningVersionsSourceAndSaidSo() {
    sources.of("v1.1.0", file(FIRST, USERS));
    sources.of("v1.2.0", file(FIRST, USERS), file(SECOND, "CREATE TABLE notes (id INT);"));

    GateAnswer answer = answer(SchemaState.unknown("connection refused"));

    assertThat(answer.gate().result()).isEqualTo(Gate.Result.WARN);
    assertThat(answer.gate().evidence())
        .isEqualTo(
            "1 migration: assumed from the sources of v1.1.0 and v1.2.0, as the database could not"
                + " tell: connection refused");
    assertThat(answer.outlook().migrations())
        .extracting(PendingMigration::version)
        .containsExactly(SECOND);
  }

  @Test
  void aTargetWithoutAnyMigrationsIsNotBelieved() {
    sources.of("v1.2.0");

    assertThatThrownBy(() -> answer(SchemaState.of(List.of(FIRST))))
        .isInstanceOfSatisfying(
            DeployException.Blocked.class,
            failure ->
                assertThat(failure.problem().summary())
                    .startsWith("the source of v1.2.0 holds no migrations"));
  }

  @Test
  void aSourceThatCannotBeReadIsNotAnAnswer() {
    assertThatThrownBy(() -> answer(SchemaState.of(List.of(FIRST))))
        .isInstanceOf(DeployException.Blocked.class);
  }

  @Test
  void aMigrationThatWasLeftOutEarlierIsPendingAndNamed() {
    sources.of(
        "v1.2.0",
        file(FIRST, USERS),
        file(SECOND, "CREATE TABLE notes (id INT);"),
        file(THIRD, "CREATE TABLE marks (id INT);"));

    Gate gate = gate(SchemaState.of(List.of(FIRST, THIRD)));

    assertThat(gate.details())
        .containsExactly(
            "1 migration older than the newest applied, " + THIRD,
            "db/" + SECOND + "_x.sql: additive");
  }

  @Test
  void manyFindingsAreCutAndTheGravestShownFirst() {
    sources.of(
        "v1.2.0",
        file(FIRST, USERS),
        file(SECOND, "CREATE INDEX ON users (name);\n".repeat(30)),
        file(THIRD, "DROP TABLE users;"));

    Gate gate = gate(SchemaState.of(List.of(FIRST)));

    assertThat(gate.details()).hasSize(20);
    assertThat(gate.details().get(0)).contains("drops table users");
    assertThat(gate.details().get(19)).isEqualTo("and 12 more");
  }

  @Test
  void anEmptyDatabaseHoldsNothingThatCouldBreak() {
    sources.of("v1.2.0", file(FIRST, USERS), file(SECOND, "ALTER TABLE users DROP COLUMN name;"));

    assertThat(gate(SchemaState.of(List.of())).result()).isEqualTo(Gate.Result.PASS);
  }

  @Test
  void whatMigrationsOfAnotherLineMadeMayBeThere() {
    sources.of(
        "v1.2.0",
        file(FIRST, USERS),
        file(THIRD, "CREATE TABLE IF NOT EXISTS notes (a INT); ALTER TABLE notes DROP COLUMN a;"));

    Gate gate = gate(SchemaState.of(List.of(FIRST, SECOND)));

    assertThat(gate.acknowledge()).containsExactly("ahead-" + SECOND, THIRD);
    assertThat(gate.evidence()).contains("notes drops column a");
  }

  private Gate gate(SchemaState schema) {
    return answer(schema).gate();
  }

  private GateAnswer answer(SchemaState schema) {
    TableSizes answers =
        (tables, enough) -> {
          Map<String, TableSize> found = new HashMap<>();
          tables.forEach(
              table -> found.put(table, sizes.getOrDefault(table, TableSize.unknown("not told"))));
          return found;
        };
    GateContext context =
        new GateContext(
            new Observation("host", "here", "v1.1.0", Version.parse("v1.1.0"), List.of()),
            Surroundings.unknown(),
            Version.parse("v1.1.0"),
            Version.parse("v1.2.0"),
            null,
            new DriverPlan(
                null, "v1.2.0", Strategy.RECREATE, List.of(), List.of(), List.of(), "", ""),
            schema,
            false);
    return new MigrationsGate(sources, answers, 1_000).answer(context);
  }

  private static MigrationFile file(String version, String sql) {
    return new MigrationFile(version, "db/" + version + "_x.sql", sql);
  }

  /** Releases with migrations and nothing else. */
  private static final class Sources implements ReleaseSource {

    private final Map<String, List<MigrationFile>> files = new HashMap<>();

    void of(String tag, MigrationFile... migrations) {
      files.put(tag, new ArrayList<>(List.of(migrations)));
    }

    @Override
    public String location() {
      return "here";
    }

    @Override
    public List<Release> releases() {
      return List.of();
    }

    @Override
    public ReleaseFiles files(String tag) {
      List<MigrationFile> found = files.get(tag);
      if (found == null) {
        throw new DeployException.Blocked(Problem.of("no source of " + tag, "look elsewhere"));
      }
      return new ReleaseFiles(null, found);
    }
  }
}
