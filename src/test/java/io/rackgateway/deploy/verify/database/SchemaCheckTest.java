package io.rackgateway.deploy.verify.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectation;
import io.rackgateway.deploy.verify.Expectations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCheckTest {

  private static final String FIRST = "20250101000000";
  private static final String SECOND = "20250102000000";

  @TempDir Path release;

  @BeforeEach
  void carryTwoMigrations() throws IOException {
    Files.createFile(release.resolve(FIRST + "_first.sql"));
    Files.createFile(release.resolve(SECOND + "_second.sql"));
  }

  @Test
  void exactlyTheReleasesMigrationsPass() {
    assertFinding(
        check(release, Expectations.UPGRADED, SchemaState.of(List.of(FIRST, SECOND))),
        Verdict.PASS,
        "exactly the release's 2 migrations, newest " + SECOND);
  }

  @Test
  void missingMigrationsAreNamedAndTheReasonIsLikely() {
    assertFinding(
        check(release, Expectations.UPGRADED, SchemaState.of(List.of(FIRST))),
        Verdict.FAIL,
        "the database lacks 1 of the release's 2 migrations: "
            + SECOND
            + "; in production the gateway does not migrate by itself");
  }

  @Test
  void migrationsOfANewerReleaseAreNamed() {
    assertFinding(
        check(
            release,
            Expectations.UPGRADED,
            SchemaState.of(List.of(FIRST, SECOND, "20250103000000"))),
        Verdict.FAIL,
        "1 migrations that the release does not carry: 20250103000000");
  }

  @Test
  void aSchemaThatCannotBeReadIsNotTheReleases() {
    assertFinding(
        check(release, Expectations.UPGRADED, SchemaState.unknown("connection refused")),
        Verdict.FAIL,
        "the schema is unknown (connection refused)");
  }

  @Test
  void withoutTheReleasesMigrationsThereIsNothingToCompareWith() {
    assertFinding(
        check(null, Expectations.UPGRADED, SchemaState.of(List.of(FIRST))),
        Verdict.SKIPPED,
        "1 migrations, newest " + FIRST);
  }

  @Test
  void whatTheUpgradeWasToApplyMustBeThere() {
    Expectation planned = Expectations.UPGRADED.withMigrations(List.of(SECOND));

    assertFinding(
        check(null, planned, SchemaState.of(List.of(FIRST, SECOND))),
        Verdict.PASS,
        "holds what the upgrade was to apply; it has 2 migrations");
    assertFinding(
        check(null, planned, SchemaState.of(List.of(FIRST))),
        Verdict.FAIL,
        "lacks 1 of the 1 migrations that the upgrade was to apply: " + SECOND);
    assertFinding(
        check(null, planned, SchemaState.unknown("no database")), Verdict.FAIL, "no database");
  }

  @Test
  void afterARollbackANewerSchemaMayStay() {
    assertFinding(
        check(
            release,
            Expectations.ROLLED_BACK,
            SchemaState.of(List.of(FIRST, SECOND, "20250103000000"))),
        Verdict.PASS,
        "newest 20250103000000");
    assertFinding(
        check(release, Expectations.ROLLED_BACK, SchemaState.unknown("no database")),
        Verdict.SKIPPED,
        "no database");
  }

  private static Finding check(Path migrations, Expectation expectation, SchemaState state) {
    return new SchemaCheck(
            Expectations.config(Duration.ofSeconds(1), migrations, List.of()), () -> state)
        .run(expectation);
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
