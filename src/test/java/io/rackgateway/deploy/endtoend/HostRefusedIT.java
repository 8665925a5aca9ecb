package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.testing.StandInProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that must not begin, and commands that change nothing: the gateway's process lives on. */
@Tag("postgres")
class HostRefusedIT {

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
  void noJournal() throws Exception {
    assertThat(HostSite.names(site.folder)).doesNotContain(".rack-gateway", "backups");
  }

  @AfterEach
  void forget() throws Exception {
    for (String name : HostSite.names(site.folder.resolve(".rack-gateway"))) {
      Files.delete(site.folder.resolve(".rack-gateway").resolve(name));
    }
    Files.deleteIfExists(site.folder.resolve(".rack-gateway"));
  }

  private static Ended upgrade(String... more) throws Exception {
    return upgrade(Map.of(), more);
  }

  private static Ended upgrade(Map<String, String> environment, String... more) throws Exception {
    String[] words = new String[more.length + 4];
    words[0] = "upgrade";
    words[1] = "--to";
    words[2] = HostSite.GOOD;
    words[3] = "--yes";
    System.arraycopy(more, 0, words, 4, more.length);
    Ended ended = site.tool().run(environment, words);
    site.assertUntouched(ended);
    return ended;
  }

  @Test
  void aWrongPasswordIsToldWithoutShowingIt() throws Exception {
    String wrong = site.database.adminUrl().replace(site.database.adminPassword(), "wr0ng-w0rd");

    Ended ended = upgrade(Map.of("ADMIN_DATABASE_URL", wrong)).withExitCode(3);

    ended
        .saying("backup", "password authentication failed", "rack_gateway_admin")
        .advising("database.adminUrl");
    assertThat(ended.out() + ended.err()).doesNotContain("wr0ng-w0rd");
  }

  @Test
  void aStoppedDatabaseIsToldWithItsAddress() throws Exception {
    int nobody = StandInProcess.freePort();
    String stopped =
        site.database.adminUrl().replace(":" + site.database.port() + "/", ":" + nobody + "/");

    upgrade(Map.of("ADMIN_DATABASE_URL", stopped))
        .withExitCode(3)
        .saying("backup", "127.0.0.1:" + nobody, "connection refused")
        .advising("start the database");
  }

  @Test
  void aClientOlderThanTheServerIsRefused() throws Exception {
    Path programs = Files.createDirectories(site.folder.resolve("old-client"));
    for (String name : new String[] {"pg_dump", "pg_restore"}) {
      HostSite.script(
          programs.resolve(name), "#!/bin/sh\necho \"" + name + " (PostgreSQL) 13.4\"\n");
    }

    upgrade("--set", "backup.pgDump.binDirectory=" + programs)
        .withExitCode(3)
        .saying("13.4", "older than the server", "15.")
        .advising("postgresql-client-15");
  }

  @Test
  void aMissingClientIsNamed() throws Exception {
    upgrade("--set", "backup.pgDump.binDirectory=no-such-folder")
        .withExitCode(3)
        .saying("no-such-folder/pg_dump")
        .advising("install");
  }

  @Test
  void aReleaseThatIsNotThereIsNamedWithItsPlace() throws Exception {
    Ended ended = site.tool().run("upgrade", "--to", "v1.9.0", "--yes").withExitCode(3);

    ended
        .saying("v1.9.0", site.gateway().resolve("releases/v1.9.0").toString())
        .advising("unpack the release there");
    site.assertUntouched(ended);
  }

  @Test
  void anOlderVersionIsNoUpgrade() throws Exception {
    Ended ended = site.tool().run("upgrade", "--to", "v0.9.0", "--yes").withExitCode(3);

    ended.saying("v0.9.0 is older than the running v1.0.0").advising("rollback --to v0.9.0");
    site.assertUntouched(ended);
  }

  @Test
  void aBlockIsToldOnce() throws Exception {
    Ended ended = site.tool().run("upgrade", "--to", "v1.9.0", "--yes", "--quiet").withExitCode(3);

    assertThat(ended.err().lines().filter(line -> line.contains("releases/v1.9.0"))).hasSize(1);
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    Path file = site.folder.resolve("plan.json");

    Ended ended = site.tool().run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);

    assertThat(ended.out()).contains("v1.0.0 → v1.1.0", "Steps", "Nothing was changed");
    assertThat(ended.err()).isEmpty();
    assertThat(file).isNotEmptyFile();
    site.assertUntouched(ended);
    assertThat(HostSite.names(site.folder)).doesNotContain(".rack-gateway");
  }

  @Test
  void aBlockedPlanSaysSo() throws Exception {
    Ended ended = site.tool().run("plan", "--to", "v1.9.0", "--json").withExitCode(3);

    JsonNode gates = ended.json().path("gates");
    assertThat(gates)
        .anySatisfy(
            gate -> {
              assertThat(gate.path("name").asText()).isEqualTo("release");
              assertThat(gate.path("result").asText()).isEqualTo("block");
              assertThat(gate.path("next").asText()).isNotEmpty();
            });
    site.assertUntouched(ended);
  }

  @Test
  void aPlanEditedByHandIsRefused() throws Exception {
    site.tool().run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);
    Path file = site.folder.resolve("plan.json");
    Files.writeString(file, Files.readString(file).replace("v1.1.0", "v1.1.1"));

    Ended ended = site.tool().run("upgrade", "--plan", "plan.json", "--yes").withExitCode(2);

    ended.saying("plan.json", "changed after it was made").advising("plan --to");
    site.assertUntouched(ended);
  }

  @Test
  void aPlanThatIsNoneIsRefused() throws Exception {
    Files.writeString(site.folder.resolve("plan.json"), "{\"schema\": 1");

    Ended ended = site.tool().run("upgrade", "--plan", "plan.json", "--yes").withExitCode(2);

    ended.saying("plan.json");
    site.assertUntouched(ended);
  }

  @Test
  void aPlanDoesNotFitADriftedWorld() throws Exception {
    site.tool().run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);
    site.database.sql(
        site.database.name(), "INSERT INTO schema_migrations (version) VALUES ('20300101000000')");
    try {
      Ended ended = site.tool().run("upgrade", "--plan", "plan.json", "--yes").withExitCode(3);

      ended.saying("the plan no longer fits", "20300101000000").advising("plan --to v1.1.0");
      site.assertUntouched(ended);
    } finally {
      site.database.sql(
          site.database.name(), "DELETE FROM schema_migrations WHERE version = '20300101000000'");
    }
  }

  @Test
  void aGatewayThatRunsTheTargetIsLeftAlone() throws Exception {
    Ended ended = site.tool().run("upgrade", "--to", "v1.0.0", "--yes").withExitCode(0);

    assertThat(ended.out()).contains("runs v1.0.0 already", "nothing was changed");
    assertThat(ended.err()).isEmpty();
    site.assertUntouched(ended);
  }

  @Test
  void aRollbackNeedsAHistory() throws Exception {
    Ended ended = site.tool().run("rollback", "--yes").withExitCode(2);

    ended.saying("no upgrade of 'production'").advising("rollback --to");
    site.assertUntouched(ended);
  }

  @Test
  void thereIsNothingToResume() throws Exception {
    Ended ended = site.tool().run("resume").withExitCode(0);

    assertThat(ended.out()).contains("no run of 'production' was interrupted");
    site.assertUntouched(ended);
  }

  @Test
  void aRunThatIsNotKnownCannotBeResumed() throws Exception {
    site.tool()
        .run("resume", "20260101-000000-abcdef")
        .withExitCode(2)
        .saying("no run 20260101-000000-abcdef")
        .advising("runs");
    site.tool().run("resume", "yesterday").withExitCode(2).saying("'yesterday'").advising("runs");
  }

  @Test
  void readsWithoutAJournalAndMakesNone() throws Exception {
    Ended status = site.tool().run("status").withExitCode(0);
    assertThat(status.out()).contains("production", "v1.0.0", "running", "6 migrations");
    assertThat(site.tool().run("runs").withExitCode(0).out()).contains("no runs of 'production'");
    assertThat(site.tool().run("backups").withExitCode(0).out())
        .contains("no backups of 'production'");
    for (String command : new String[] {"status", "runs", "backups"}) {
      Ended ended = site.tool().run(command, "--json").withExitCode(0);
      assertThat(ended.json().isContainerNode()).as(ended.toString()).isTrue();
      assertThat(ended.err()).isEmpty();
    }
    site.assertUntouched(status);
    assertThat(HostSite.names(site.folder)).doesNotContain(".rack-gateway");
  }

  @Test
  void verifyTellsWhatIsWrong() throws Exception {
    site.tool().run("verify").withExitCode(0);

    Ended ended = site.tool().run("verify", "--expect", "v1.1.0").withExitCode(4);

    ended.saying("version", "v1.0.0", "v1.1.0");
    site.assertUntouched(ended);
  }

  @Test
  void anEventFileThatCannotBeWrittenIsNamed() throws Exception {
    Ended ended = upgrade("--events", "no/such/folder/events").withExitCode(2);

    ended.saying("no/such/folder/events");
  }

  @Test
  void aDamagedJournalIsNotOverwritten() throws Exception {
    Files.createDirectories(site.journalFile().getParent());
    Path garbage = Files.writeString(site.journalFile(), "this is no journal\n".repeat(500));
    Path copy =
        Files.copy(garbage, site.folder.resolve("said/copy"), StandardCopyOption.REPLACE_EXISTING);

    upgrade()
        .withExitCode(2)
        .saying(site.journalFile().toString(), "cannot be read")
        .advising("move it aside", "resume");

    assertThat(garbage).hasSameBinaryContentAs(copy);
  }
}
