package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in each phase of an upgrade, each of which is held open until the signal has come. */
@Tag("postgres")
class HostSignalIT {

  private static final String[] HELD_MIGRATION = {"--set", "migrate.command=[./held-migrate]"};

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
    Path programs = Files.createDirectories(site.folder.resolve("held"));
    HostSite.script(programs.resolve("pg_restore"), "#!/bin/sh\nexec pg_restore \"$@\"\n");
    HostSite.script(
        programs.resolve("pg_dump"),
        """
        #!/bin/sh
        case "$1" in --version) exec pg_dump --version ;; esac
        while [ ! -e %s/go ]; do sleep 0.02; done
        exec pg_dump "$@"
        """
            .formatted(site.folder));
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    site.reset();
  }

  private static Tool.Started start(String version, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("upgrade", "--to", version, "--yes"));
    words.addAll(List.of(more));
    return site.tool().start(words.toArray(String[]::new));
  }

  private static Tool.Started startWithHeldBackup() throws Exception {
    return start(
        HostSite.GOOD, "--set", "backup.pgDump.binDirectory=" + site.folder.resolve("held"));
  }

  private static Ended undone(Tool.Started upgrade) throws Exception {
    Ended ended = upgrade.end().withExitCode(1);
    ended.saying("was stopped (SIGTERM)", "v1.0.0");
    site.assertRuns("v1.0.0", ended);
    return ended;
  }

  /** A request that does not end, so that the gateway takes its time to stop. */
  private static Socket slowRequest() throws Exception {
    Socket slow = new Socket(InetAddress.getLoopbackAddress(), site.port);
    slow.getOutputStream()
        .write(
            "POST /api/v1/rack-proxy/apps HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    slow.getOutputStream().flush();
    return slow;
  }

  @Test
  void duringTheLock() throws Exception {
    undone(startWithHeldBackup().awaitPhase("lock").cancel())
        .saying("nothing was changed, and v1.0.0 was verified");
  }

  @Test
  void duringTheBackupWhichIsCutOff() throws Exception {
    undone(startWithHeldBackup().awaitEffect("pg-dump").cancel())
        .saying("nothing was changed, and v1.0.0 was verified");
  }

  @Test
  void duringTheMigrationWhichIsFinished() throws Exception {
    Tool.Started upgrade = start(HostSite.GOOD, HELD_MIGRATION).awaitEffect("run-migrations");
    upgrade.cancel();
    site.go();

    undone(upgrade);

    assertThat(site.database.migrations()).isEqualTo(8);
  }

  @Test
  void whileTheOldVersionFinishesARequest() throws Exception {
    try (Socket slow = slowRequest()) {
      assertThat(slow.isConnected()).isTrue();
      undone(start(HostSite.GOOD).awaitEffect("stop").cancel());
    }
  }

  @Test
  void duringTheStart() throws Exception {
    undone(start(HostSite.GOOD).awaitEffect("await-start").cancel());
  }

  @Test
  void duringTheVerification() throws Exception {
    undone(start(HostSite.UNHEALTHY, "--set", "verify.timeout=80s").awaitPhase("verify").cancel());
  }

  @Test
  void afterTheVerificationTheUpgradeIsDone() throws Exception {
    Ended ended = start(HostSite.GOOD).awaitPhase("release").terminate().end().withExitCode(0);

    site.assertRuns("v1.1.0", ended);
  }

  @Test
  void duringTheRollbackWhichGoesOn() throws Exception {
    Ended ended =
        start(HostSite.CRASHES_AT_START).awaitPhase("rollback").cancel().end().withExitCode(1);

    ended.saying("failed in rollout", "v1.0.0 runs again and was verified");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void itStopsAsConfiguredAndIsResumed() throws Exception {
    Tool.Started upgrade =
        start(
                HostSite.GOOD,
                "--set",
                "migrate.command=[./held-migrate]",
                "--set",
                "rollback.onCancel=stop")
            .awaitEffect("run-migrations");
    upgrade.cancel();
    site.go();

    Ended stopped = upgrade.end().withExitCode(5);
    stopped.saying("was stopped (SIGTERM)").advising("resume", "resume --undo");
    assertThat(site.version()).isEqualTo("v1.0.0");
    assertThat(site.tool().run("status").withExitCode(0).out()).contains("interrupted");

    Ended resumed = site.tool().run("resume").withExitCode(0);
    assertThat(resumed.out()).contains("upgraded from v1.0.0 to v1.1.0");
    site.assertRuns("v1.1.0", resumed);
  }

  @Test
  void aStoppedRunIsUndoneWhenAsked() throws Exception {
    Tool.Started upgrade =
        start(
                HostSite.GOOD,
                "--set",
                "migrate.command=[./held-migrate]",
                "--set",
                "rollback.onCancel=stop")
            .awaitEffect("run-migrations");
    upgrade.cancel();
    site.go();
    upgrade.end().withExitCode(5);

    Ended other = site.tool().run("upgrade", "--to", "v1.1.3", "--yes").withExitCode(3);
    other.saying("was interrupted and comes first").advising("resume", "resume --undo");

    Ended undone = site.tool().run("resume", "--undo").withExitCode(1);
    undone.saying("v1.0.0");
    site.assertRuns("v1.0.0", undone);
  }

  @Test
  void aSecondSignalStopsAtOnceAndTheRunIsResumed() throws Exception {
    Tool.Started upgrade = start(HostSite.GOOD, HELD_MIGRATION).awaitEffect("run-migrations");
    upgrade.cancel().terminate();

    Ended stopped = upgrade.end().withExitCode(5);
    assertThat(stopped.err()).contains("stopping at once; 'resume' finishes or undoes the run");
    assertThat(site.version()).isEqualTo("v1.0.0");

    // The migration that was left behind is waited for, not begun beside.
    Tool.Started resume = site.tool().start("resume");
    resume.await("waiting", "what", "commands of the interrupted run to end");
    site.go();
    Ended resumed = resume.end().withExitCode(0);
    site.assertRuns("v1.1.0", resumed);
    assertThat(site.database.migrations()).isEqualTo(8);
  }

  @Test
  void aRunStoppedWhileTheOldVersionFinishesARequestIsUndone() throws Exception {
    try (Socket slow = slowRequest()) {
      assertThat(slow.isConnected()).isTrue();
      Tool.Started upgrade = start(HostSite.GOOD, "--set", "rollback.onCancel=stop");
      upgrade.awaitEffect("stop").terminate().end().withExitCode(5);

      Ended undone = site.tool().run("resume", "--undo").withExitCode(1);

      undone.saying("v1.0.0 runs again and was verified");
      site.assertRuns("v1.0.0", undone);
    }
  }

  @Test
  void theSameUpgradeAgainTakesAStoppedRunUp() throws Exception {
    Tool.Started upgrade = start(HostSite.GOOD, HELD_MIGRATION).awaitEffect("run-migrations");
    upgrade.cancel().terminate();
    upgrade.end().withExitCode(5);
    site.go();

    Ended again = start(HostSite.GOOD).end().withExitCode(0);

    site.assertRuns("v1.1.0", again);
    assertThat(again.out()).contains("taking up run");
    assertThat(HostSite.names(site.folder.resolve("backups"))).hasSize(1);
  }
}
