package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal is for: history, keeping a second run out, and being dispensable. */
@Tag("postgres")
class HostJournalIT {

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    site.reset();
  }

  private static Tool.Started startHeld(String... more) throws Exception {
    String[] words = {
      "upgrade", "--to", "v1.1.0", "--yes", "--set", "migrate.command=[./held-migrate]"
    };
    String[] all = new String[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return site.tool().start(all).awaitEffect("run-migrations");
  }

  @Test
  void anApprovedPlanIsCarriedOutToldAndTakenBack() throws Exception {
    site.tool().run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);

    Ended upgraded = site.tool().start("upgrade", "--plan", "plan.json", "--json").end();

    upgraded.withExitCode(0);
    site.assertRuns("v1.1.0", upgraded);
    JsonNode result = upgraded.json();
    assertThat(result.path("outcome").asText()).isEqualTo("done");
    assertThat(result.path("running").asText()).isEqualTo("v1.1.0");
    assertThat(result.path("backup").path("location").asText()).startsWith(site.folder.toString());
    assertThat(upgraded.err()).contains("✓ verify");
    assertWholeEvents(upgraded, result);
    assertHistory(result);

    Ended back = site.tool().run("rollback", "--yes").withExitCode(0);
    assertThat(back.out()).contains("rolled back from v1.1.0 to v1.0.0");
    site.assertRuns("v1.0.0", back);
    assertThat(site.tool().run("verify", "--expect", "v1.0.0").withExitCode(0).out())
        .contains("passed all checks");
  }

  private static void assertWholeEvents(Ended ended, JsonNode result) {
    List<JsonNode> events = ended.events();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i);
      assertThat(event.path("schema").asInt()).isEqualTo(1);
      assertThat(event.path("seq").asInt()).as("without gaps").isEqualTo(i + 1);
      assertThat(event.path("time").asText()).endsWith("Z");
      assertThat(event.path("type").asText()).isNotEmpty();
    }
    assertThat(events.get(events.size() - 1).path("result")).isEqualTo(result);
    assertThat(events.stream().map(event -> event.path("type").asText()))
        .contains("run-started", "gate-evaluated", "backup-taken", "check-finished");
  }

  private static void assertHistory(JsonNode result) throws Exception {
    String run = result.path("run").asText();
    assertThat(site.tool().run("runs").withExitCode(0).out()).contains(run, "upgrade", "done");
    assertThat(site.tool().run("backups").withExitCode(0).out()).contains(run, "v1.0.0", "listed");
    assertThat(site.tool().run("status").withExitCode(0).out()).contains("v1.1.0", run, "done");
    for (String command : new String[] {"runs", "backups", "status"}) {
      Ended ended = site.tool().run(command, "--json").withExitCode(0);
      assertThat(ended.json().toString()).contains(run);
      assertThat(ended.err()).isEmpty();
    }
  }

  @Test
  void aSecondRunIsToldWhoIsAtWork() throws Exception {
    Tool.Started first = startHeld();

    Ended second = site.tool().run("upgrade", "--to", "v1.1.0", "--yes").withExitCode(6);

    second.saying("'upgrade'", Long.toString(first.process().pid()), "journal").advising("wait");
    Ended status = site.tool().run("status").withExitCode(0);
    assertThat(status.out()).contains("at work", Long.toString(first.process().pid()));
    assertThat(site.tool().run("status", "--json").withExitCode(0).json().path("atWork").asText())
        .contains("'upgrade'");
    site.go();
    site.assertRuns("v1.1.0", first.end().withExitCode(0));
  }

  @Test
  void aSecondRunWithAnotherJournalIsKeptOutByTheMark() throws Exception {
    Tool.Started first = startHeld();
    String run = site.tool().run("status", "--set", "journal=jdbc:h2:file:other").out();
    assertThat(run).contains("at work");

    Ended second =
        site.tool()
            .run("upgrade", "--to", "v1.1.0", "--yes", "--set", "journal=jdbc:h2:file:other")
            .withExitCode(6);

    second
        .saying("is at work on", Long.toString(first.process().pid()))
        .advising("wait for it to end");
    Files.deleteIfExists(site.folder.resolve("other.mv.db"));
    site.go();
    site.assertRuns("v1.1.0", first.end().withExitCode(0));
  }

  @Test
  void aSharedJournalKeepsASecondRunOutByItsLock() throws Exception {
    site.database.sql("postgres", "DROP DATABASE IF EXISTS journal");
    site.database.sql("postgres", "CREATE DATABASE journal");
    String journal = site.database.jdbcUrl("journal");
    Files.writeString(
        site.folder.resolve("rack-gateway.yml"), site.configuration() + "journal: ${JOURNAL}\n");
    var environment = Map.of("JOURNAL", journal);
    site.tool().run(environment, "runs").withExitCode(0);
    Tool other = new Tool(site.folder, site.folder.resolve("said/other"), all(environment));
    try (other) {
      Tool.Started first =
          other
              .start("upgrade", "--to", "v1.1.0", "--set", "migrate.command=[./held-migrate]")
              .awaitEffect("run-migrations");

      Ended second = other.run("upgrade", "--to", "v1.1.0", "--yes").withExitCode(6);

      second.saying("holds the lock of 'production'").advising("wait for it to end", "resume");
      assertThat(second.out()).doesNotContain("interrupted");
      Ended third = other.run("upgrade", "--to", "v1.1.3", "--yes").withExitCode(6);
      third.saying("holds the lock of 'production'");
      other.run("rollback", "--yes").withExitCode(6).saying("holds the lock of 'production'");
      for (String command : new String[] {"status", "runs"}) {
        assertThat(other.run(command).withExitCode(0).out())
            .contains("at work")
            .doesNotContain("interrupted");
      }
      site.go();
      site.assertRuns("v1.1.0", first.end().withExitCode(0));
      assertThat(other.run("runs").withExitCode(0).out()).contains("done");
    }
  }

  private static Map<String, String> all(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(site.environment());
    all.putAll(more);
    return all;
  }

  @Test
  void withADamagedJournalAnInterruptedRunIsFoundByItsMark() throws Exception {
    Tool.Started upgrade = startHeld();
    upgrade.cancel().terminate().end().withExitCode(5);
    site.go();
    try (RandomAccessFile file = new RandomAccessFile(site.journalFile().toFile(), "rw")) {
      file.write(new byte[(int) file.length()]);
    }

    Ended refused = site.tool().run("resume").withExitCode(2);
    refused
        .saying(site.journalFile().toString(), "cannot be read")
        .advising("move it aside", "run 'resume'");

    Files.move(site.journalFile(), site.folder.resolve("said/journal.damaged"));
    Ended resumed = site.tool().run("resume").withExitCode(1);
    resumed.saying("its journal is not at hand, so it is undone", "v1.0.0 runs again");
    site.assertRuns("v1.0.0", resumed);
    assertThat(site.tool().run("resume").withExitCode(0).out()).contains("was interrupted");
  }
}
