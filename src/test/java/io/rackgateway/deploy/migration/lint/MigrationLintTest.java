package io.rackgateway.deploy.migration.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rackgateway.deploy.migration.lint.MigrationCorpus.Case;
import io.rackgateway.deploy.migration.lint.MigrationCorpus.Expected;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.PendingMigration.Finding;
import io.rackgateway.deploy.model.PendingMigration.Kind;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationLintTest {

  private final MigrationLint lint = new MigrationLint();

  static List<Case> corpus() {
    return MigrationCorpus.cases();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void findsInEachMigrationWhatItSays(Case migration) {
    List<Finding> findings = judge(migration.sql());

    assertThat(findings.stream().map(Expected::of))
        .as("%s", findings)
        .containsExactlyElementsOf(migration.expected());
  }

  @Test
  void theSchemaOfThePreviousVersionIsUnderstoodThroughout() {
    List<PendingMigration> judged =
        lint.judge(List.of(), true, List.of(MigrationCorpus.oldMigration()));

    assertThat(judged.get(0).findings()).isEmpty();
  }

  @Test
  void whatAnEarlierPendingMigrationMadeIsNewToThePreviousVersion() {
    List<PendingMigration> judged =
        lint.judge(
            List.of(MigrationCorpus.oldMigration()),
            true,
            List.of(
                file("20250202000000", "DROP TABLE notes; ALTER TABLE users DROP COLUMN phone;"),
                file(
                    "20250201000000",
                    "CREATE TABLE notes (id INT); ALTER TABLE users ADD phone TEXT;")));

    assertThat(judged)
        .extracting(PendingMigration::version, PendingMigration::findings)
        .containsExactly(tuple("20250201000000", List.of()), tuple("20250202000000", List.of()));
  }

  @Test
  void aTableThatIsThereIsNotNewBecauseAMigrationSaysIfNotExists() {
    assertThat(judge("CREATE TABLE IF NOT EXISTS users (id INT); DROP TABLE users;"))
        .extracting(Finding::kind)
        .containsExactly(Kind.BREAKS_OLD_VERSION);
  }

  @Test
  void whatEarlierMigrationsMadeMayBeNotKnownAndIsThenTakenToBeThere() {
    List<PendingMigration> judged =
        lint.judge(
            List.of(),
            false,
            List.of(
                file(
                    "20250201000000",
                    """
                    DROP INDEX some_index;
                    CREATE OR REPLACE FUNCTION f() RETURNS INT LANGUAGE sql AS 'SELECT 1';
                    ALTER TABLE t ALTER COLUMN c TYPE TEXT;
                    CREATE TABLE IF NOT EXISTS u (id INT);
                    ALTER TABLE u DROP COLUMN id;
                    """)));

    assertThat(judged.get(0).findings())
        .extracting(Finding::kind)
        .containsExactly(
            Kind.UNCLEAR,
            Kind.UNCLEAR,
            Kind.BREAKS_OLD_VERSION,
            Kind.LOCKS,
            Kind.BREAKS_OLD_VERSION);
  }

  @Test
  void aReasonSaysWhatHappensInOneSentenceWithoutControlCharacters() {
    List<Finding> findings =
        judge("ALTER TABLE users DROP COLUMN \"a\u001b[31m\n" + "x".repeat(500) + "\";");

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).reason())
        .startsWith("drops column \"a [31m x")
        .hasSizeLessThanOrEqualTo(200)
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER",
        "ALTER TABLE",
        "ALTER TABLE users ADD",
        "ALTER TABLE users ADD COLUMN",
        "ALTER TABLE users ADD CONSTRAINT x",
        "ALTER TABLE users ALTER",
        "ALTER TABLE users,",
        "CREATE",
        "CREATE INDEX",
        "CREATE INDEX x ON",
        "CREATE TABLE x (a INT, b",
        "CREATE TRIGGER x ON users",
        "DROP TABLE",
        "DROP TRIGGER x",
        "UPDATE users",
        "DELETE users",
        "REVOKE SELECT ON ALL TABLES",
        "TRUNCATE ,",
        ")(",
        "/* /* */",
        "$x$",
        "\"",
        "E'\\",
        "x'",
        "😀 \u0000"
      })
  void whatIsCutOffOrMeaninglessIsUnclear(String sql) {
    assertThat(judge(sql)).extracting(Finding::kind).containsOnly(Kind.UNCLEAR).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";;", " \n\t", "-- nothing", "/* nothing */;", "\uFEFF;"})
  void aFileWithoutStatementsDoesNothing(String sql) {
    assertThat(judge(sql)).isEmpty();
  }

  @Test
  void linesAreCountedWhateverEndsThem() {
    assertThat(judge("-- one\r\n-- two\r-- three\n'\n\r\n'; DROP TABLE users"))
        .extracting(Finding::line)
        .containsExactly(4, 6);
  }

  @Test
  void aLongFileIsReadInReasonableTime() {
    String sql = "INSERT INTO settings (key) VALUES ('x'); ALTER TABLE users ADD c TEXT;\n";

    assertThat(judge(sql.repeat(5_000))).isEmpty();
  }

  private List<Finding> judge(String sql) {
    return lint.judge(
            List.of(MigrationCorpus.oldMigration()), true, List.of(file("20250201000000", sql)))
        .get(0)
        .findings();
  }

  private static MigrationFile file(String version, String sql) {
    return new MigrationFile(version, version + "_x.sql", sql);
  }
}
