package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong on Compose: refused before, or undone with the Compose file as it was. */
@Tag("docker")
@Tag("composev2")
@Tag("postgres")
class ComposeFailureIT {

  @TempDir static Path folder;

  private static ComposeSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site =
        new ComposeSite(
            folder,
            "v2",
            Map.of(
                "v1.0.0", "none",
                "v1.1.0", "none",
                "v1.1.1", "crash-at-start",
                "v1.1.3", "unhealthy",
                "v1.1.5", "migrate-fails"));
  }

  @AfterAll
  static void close() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  private static Tool.Started start(String version, String... more) throws Exception {
    String[] words = new String[more.length + 4];
    words[0] = "upgrade";
    words[1] = "--to";
    words[2] = version;
    words[3] = "--yes";
    System.arraycopy(more, 0, words, 4, more.length);
    return site.tool().start(words);
  }

  /** Undone, with the Compose file as it was to the byte. */
  private static Ended undone(Tool.Started upgrade, byte[] before) throws Exception {
    Ended ended = upgrade.end().withExitCode(1);
    site.assertRuns("v1.0.0", ended);
    assertThat(site.composeFile()).hasBinaryContent(before);
    return ended;
  }

  @Test
  void aDockerThatCannotBeReachedIsNamed() throws Exception {
    site.reset("recreate");

    Ended ended =
        site.tool()
            .run(Map.of("DOCKER_HOST", "unix:///no/such.sock"), "upgrade", "--to", "v1.1.0")
            .withExitCode(2);

    ended.saying("Docker at unix:///no/such.sock cannot be reached").advising("start Docker");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void aServiceThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    site.reset("recreate");

    Ended ended =
        site.tool()
            .run("upgrade", "--to", "v1.1.0", "--set", "deploy.compose.service=web")
            .withExitCode(2);

    ended
        .saying("there is no service 'web'", "compose.yaml", "db, gateway")
        .advising("deploy.compose.service");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void startFirstIsRefusedWhereThePortIsFixed() throws Exception {
    site.reset("recreate");

    Ended ended =
        start("v1.1.0", "--set", "deploy.compose.strategy=start-first").end().withExitCode(3);

    ended.saying("it publishes the host port 127.0.0.1:" + site.port).advising("strategy");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void anImageThatDoesNotExistStopsBeforeAnythingIsTouched() throws Exception {
    site.reset("recreate");
    byte[] before = Files.readAllBytes(site.composeFile());

    start("v1.9.0")
        .end()
        .withExitCode(3)
        .saying("gate 'image' blocks: not evaluated", "connection refused")
        .advising("--accept image=not-evaluated");
    undone(start("v1.9.0", "--accept", "image=not-evaluated"), before)
        .saying("failed in prepare", site.docker.repository() + ":v1.9.0 cannot be pulled")
        .saying("nothing was changed, and v1.0.0 was verified")
        .advising("registry");
  }

  @Test
  void theSchemaIsReadThroughTheProjectWhereTheDatabaseCannotBeReached() throws Exception {
    site.reset("recreate");
    Map<String, String> unreachable =
        Map.of("DATABASE_URL", "postgresql://gateway:elsewhere-1@127.0.0.1:9/gateway");

    Ended ended =
        site.tool()
            .run(
                unreachable,
                "plan",
                "--to",
                "v1.1.0",
                "--json",
                "--set",
                "deploy.compose.databaseService=db")
            .withExitCode(3);

    assertThat(ended.json().at("/databaseSchema/applied")).hasSize(6);
    assertThat(ended.json().at("/databaseSchema/unknown").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1.1.1|failed in rollout|ended with exit code 1|APP_SECRET_KEY must be 32 bytes",
        "v1.1.3|failed in verify|503|Server listening",
        "v1.1.5|failed in migrate|exit code 1|no_such_table",
      })
  void aBadReleaseIsTakenBack(String version, String where, String what, String evidence)
      throws Exception {
    site.reset("recreate");
    byte[] before = Files.readAllBytes(site.composeFile());

    Ended ended = undone(start(version, "--set", "verify.timeout=3s"), before);

    ended.saying("upgrade of 'production' to " + version, where, what);
    ended.saying("v1.0.0 runs again and was verified");
    assertThat(ended.err()).contains(evidence);
  }

  @Test
  void aCrashLoopEndsTheWaitAtOnce() throws Exception {
    site.reset("recreate", "    restart: always\n");
    byte[] before = Files.readAllBytes(site.composeFile());

    Ended ended = undone(start("v1.1.1"), before);

    ended.saying("v1.0.0 runs again and was verified");
    assertThat(ended.error()).containsAnyOf("keeps ending", "started again");
    assertThat(ended.err()).contains("APP_SECRET_KEY must be 32 bytes");
  }

  @Test
  void whatAUserChangedMeanwhileIsKept() throws Exception {
    site.reset("recreate");
    Tool.Started upgrade = start("v1.1.0").awaitPhase("backup");
    String changed = Files.readString(site.composeFile()) + "# changed by an operator\n";
    Files.writeString(site.composeFile(), changed);

    Ended ended = upgrade.end().withExitCode(1);

    ended
        .saying("failed in rollout", "compose.yaml changed since the plan was made")
        .advising("new plan");
    site.assertRuns("v1.0.0", ended);
    assertThat(site.composeFile()).hasContent(changed);
  }

  @Test
  void aPlanDoesNotFitAFileThatWasChanged() throws Exception {
    site.reset("recreate");
    site.tool().run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);
    Files.writeString(
        site.composeFile(), Files.readString(site.composeFile()) + "# changed by an operator\n");

    Ended ended = site.tool().run("upgrade", "--plan", "plan.json", "--yes").withExitCode(3);

    ended
        .saying("the plan no longer fits: file " + site.composeFile() + " was changed")
        .advising("plan --to v1.1.0");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void aSignalDuringTheRolloutBringsTheOldVersionBack() throws Exception {
    site.reset("recreate");
    byte[] before = Files.readAllBytes(site.composeFile());

    undone(start("v1.1.0").awaitEffect("replace-containers").cancel(), before)
        .saying("was stopped (SIGTERM)", "v1.0.0 runs again and was verified");
  }

  @Test
  void aSecondSignalIsResumedToTheEnd() throws Exception {
    site.reset("recreate");
    Tool.Started upgrade = start("v1.1.0").awaitEffect("replace-containers");
    upgrade.cancel().terminate().end().withExitCode(5);

    Ended resumed = site.tool().run("resume").withExitCode(0);

    site.assertRuns("v1.1.0", resumed);
  }

  @Test
  void withoutItsJournalARunIsFoundByItsMark() throws Exception {
    site.reset("recreate");
    byte[] before = Files.readAllBytes(site.composeFile());
    Tool.Started upgrade = start("v1.1.0").awaitEffect("run-migrations");
    upgrade.cancel().terminate().end().withExitCode(5);
    HostSite.delete(site.folder.resolve(".rack-gateway"));

    Ended other = start("v1.1.0").end().withExitCode(6);
    other.saying("is at work on service gateway").advising("resume");
    Ended resumed = site.tool().run("resume").withExitCode(1);

    resumed.saying("its journal is not at hand, so it is undone");
    site.assertRuns("v1.0.0", resumed);
    assertThat(site.composeFile()).hasBinaryContent(before);
  }
}
