package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.demo.DemoUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades whose backup is restored, and rehearsed on, before production is touched. */
@Tag("postgres")
class RehearsalIT {

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
    new DemoUpstream(site.folder.resolve("upstream"))
        .publish("v1.0.0", 6, "The first release.")
        .publish(HostSite.GOOD, 8, "Faster.");
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    site.reset();
    Path file = site.folder.resolve("rack-gateway.yml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{none: {reason: this test is not about upstream}}", releases())
            .replace("prove: listed", "prove: rehearsed"));
    delete(migration("20250303093000_breaks.sql"));
  }

  private static String releases() {
    return "{file: {notes: upstream/releases.json, source: upstream/source}}";
  }

  private static Path migration(String name) {
    return site.folder.resolve("upstream/source/v1.1.0/internal/gateway/db/migrations/" + name);
  }

  private static void delete(Path file) throws Exception {
    Files.deleteIfExists(file);
  }

  @Test
  void anUpgradeIsRehearsedBeforeProductionIsTouched() throws Exception {
    Ended ended =
        site.tool().start("upgrade", "--to", HostSite.GOOD, "--yes").end().withExitCode(0);

    site.assertRuns(HostSite.GOOD, ended);
    assertThat(ended.out() + ended.err())
        .contains("restored into an embedded PostgreSQL 15")
        .contains("as at the snapshot")
        .contains("smoke queries of the version before: all answered");
    List<String> effects =
        ended.events().stream()
            .filter(event -> event.path("type").asText().equals("effect-finished"))
            .map(event -> event.path("name").asText())
            .toList();
    assertThat(effects).containsSubsequence("pg-dump", "prove-backup", "rehearse");
    JsonNode last = ended.events().get(ended.events().size() - 1);
    assertThat(last.path("result").path("backup").path("proof").asText()).isEqualTo("rehearsed");
    assertNothingLeft();
  }

  @Test
  void aMigrationThatFailsInTheRehearsalStopsTheUpgradeBeforeAnythingIsChanged() throws Exception {
    Files.writeString(
        migration("20250303093000_breaks.sql"), "ALTER TABLE no_such_table ADD COLUMN x TEXT;\n");

    Ended ended =
        site.tool().start("upgrade", "--to", HostSite.GOOD, "--yes").end().withExitCode(1);

    ended.saying("failed in rehearse", "line 1", "no_such_table", "42P01", "nothing was changed");
    site.assertRuns("v1.0.0", ended);
    assertThat(site.database.migrations()).isEqualTo(6);
    assertNothingLeft();
  }

  @Test
  void theNewestBackupIsRehearsedOnByItself() throws Exception {
    site.tool().run("backup").withExitCode(0);

    Ended ended = site.tool().run("rehearse", "--to", HostSite.GOOD, "--json").withExitCode(0);

    JsonNode rehearsal = new ObjectMapper().readTree(ended.out());
    assertThat(rehearsal.path("passed").asBoolean()).isTrue();
    assertThat(rehearsal.path("migrations")).hasSize(2);
    assertThat(rehearsal.path("migrations").get(0).path("locks").get(0).path("mode").asText())
        .isEqualTo("AccessExclusiveLock");
    Files.writeString(
        migration("20250303093000_breaks.sql"), "ALTER TABLE users DROP COLUMN roles;\n");
    Ended blocked = site.tool().run("rehearse", "--to", HostSite.GOOD).withExitCode(3);
    assertThat(blocked.out() + blocked.err())
        .contains("read public.users")
        .contains("nothing was changed");
    site.assertRuns("v1.0.0", blocked);
    assertNothingLeft();
  }

  /** A killed run leaves a server behind, which the next one ends. */
  @Test
  void whatAKilledRunLeftIsGoneAfterTheNext() throws Exception {
    Path file = migration("20250224093000_step_8.sql");
    String sql = Files.readString(file);
    Files.writeString(file, "SELECT pg_sleep(600);\n");
    Tool.Started killed =
        site.tool().start("upgrade", "--to", HostSite.GOOD, "--yes").awaitEffect("rehearse");
    killed.process().destroyForcibly().waitFor();
    Files.writeString(file, sql);
    assertThat(left()).isNotEmpty();

    Ended ended = site.tool().start("resume").end().withExitCode(0);

    site.assertRuns(HostSite.GOOD, ended);
    assertNothingLeft();
  }

  private static void assertNothingLeft() throws Exception {
    assertThat(left()).isEmpty();
  }

  private static List<Path> left() throws Exception {
    Path scratch = site.folder.resolve(".rack-gateway/scratch");
    if (!Files.exists(scratch)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(scratch)) {
      return all.toList();
    }
  }
}
