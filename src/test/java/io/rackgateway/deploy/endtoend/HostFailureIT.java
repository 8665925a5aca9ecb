package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upgrades that go wrong on the way: undone, and v1.0.0 answers again. */
@Tag("postgres")
class HostFailureIT {

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

  private static Tool.Started start(String version, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("upgrade", "--to", version, "--yes"));
    words.addAll(List.of(more));
    return site.tool().start(words.toArray(String[]::new));
  }

  private static Ended undone(String version, String... more) throws Exception {
    return undone(start(version, more).end());
  }

  private static Ended undone(Ended ended) throws Exception {
    ended.withExitCode(1);
    site.assertRuns("v1.0.0", ended);
    assertThat(
            ended.events().get(ended.events().size() - 1).path("result").path("running").asText())
        .isEqualTo("v1.0.0");
    return ended;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        HostSite.CRASHES_AT_START + "|failed in |has ended|APP_SECRET_KEY must be 32 bytes",
        HostSite.CRASHES_AFTER_START + "|did not pass|has ended|nil pointer dereference",
        HostSite.UNHEALTHY + "|failed in verify|503|Server listening",
        HostSite.WRONG_VERSION
            + "|failed in verify|version: the gateway says that it is v1.9.9, expected v1.1.4|Server listening"
      })
  void aBadReleaseIsTakenBack(String version, String where, String what, String evidence)
      throws Exception {
    Ended ended = undone(version, "--set", "verify.timeout=3s");

    ended.saying("upgrade of 'production' to " + version, where, what);
    ended.saying("v1.0.0 runs again and was verified");
    assertThat(ended.err()).contains(evidence);
    assertThat(ended.err()).contains("the database keeps what the migrations of " + version);
  }

  @Test
  void aFailedMigrationStopsBeforeTheGatewayIsTouched() throws Exception {
    Ended ended = undone(HostSite.MIGRATION_FAILS);

    ended.saying("failed in migrate", "exit code 1", "no_such_table");
    assertThat(ended.err()).contains("the database keeps what the migrations of v1.1.5 changed");
    assertThat(site.database.migrations()).as("the good ones stay").isEqualTo(7);
    assertThat(ended.events())
        .as("no interruption")
        .noneMatch(event -> event.path("type").asText().equals("gateway-down"));
  }

  @Test
  void aDiskThatFillsUpDuringTheBackupIsTold() throws Exception {
    assumeTrue(isRoot(), "only root can mount a small file system");
    Path small = Files.createDirectories(site.folder.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString()),
        "this machine does not let a file system be mounted");
    try {
      // Random text does not compress, and the table is written while it is still small.
      Path programs = Files.createDirectories(site.folder.resolve("filling"));
      HostSite.script(programs.resolve("pg_restore"), "#!/bin/sh\nexec pg_restore \"$@\"\n");
      HostSite.script(
          programs.resolve("pg_dump"),
          """
          #!/bin/sh
          case "$1" in --version) exec pg_dump --version ;; esac
          head -c 64m /dev/zero >'%s/fill' 2>/dev/null
          exec pg_dump "$@"
          """
              .formatted(small));

      Ended ended =
          undone(
              HostSite.GOOD,
              "--set",
              "backup.pgDump.directory=" + small.resolve("backups"),
              "--set",
              "backup.pgDump.binDirectory=" + programs);

      ended
          .saying("failed in backup", "the disk of " + small.resolve("backups") + " is full")
          .saying("nothing was changed")
          .advising("make room");
      assertThat(HostSite.names(small.resolve("backups"))).isEmpty();
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
      Files.delete(small);
    }
  }

  @Test
  void aPortTakenByAnotherIsTold() throws Exception {
    Path program = site.gateway().resolve("releases/v1.1.0/rack-gateway-api");
    String good = Files.readString(program);
    // Starts once the port has been taken.
    HostSite.script(
        program,
        good.replace(
            "exec ", "[ \"$1\" ] || while [ ! -e ../../../go ]; do sleep 0.02; done\nexec "));
    Ended ended;
    try {
      Tool.Started upgrade =
          start(HostSite.GOOD, "--set", "verify.timeout=3s")
              .await("effect-finished", "name", "stop");
      try (ServerSocket other = new ServerSocket()) {
        other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port));
        site.go();
        upgrade.awaitPhase("rollback");
      }
      ended = undone(upgrade.end());
    } finally {
      HostSite.script(program, good);
    }

    ended.saying("failed in ", "v1.0.0 runs again");
    assertThat(ended.err()).contains("Address already in use");
  }

  @Test
  void whatCannotBeUndoneIsLeftToAHumanAndResumed() throws Exception {
    Path old = site.gateway().resolve("releases/v1.0.0/rack-gateway-api");
    Path away = old.resolveSibling("away");
    Tool.Started upgrade = start(HostSite.CRASHES_AT_START).awaitPhase("rollout");
    Files.move(old, away);
    Ended ended;
    try {
      ended = upgrade.end().withExitCode(4);
    } finally {
      Files.move(away, old);
    }

    ended
        .saying("bringing back v1.0.0 failed too", "./rack-gateway-api", "releases/v1.0.0")
        .advising("resume");
    assertThat(ended.err()).contains("no instance is there", "the backup from before: ");

    Ended resumed = site.tool().run("resume").withExitCode(1);
    resumed.saying("v1.0.0 runs again and was verified");
    site.assertRuns("v1.0.0", resumed);
  }

  @Test
  void withoutAutomaticRollbackItStopsWhereItFailed() throws Exception {
    Ended ended =
        start(
                HostSite.UNHEALTHY,
                "--set",
                "rollback.application=manual",
                "--set",
                "verify.timeout=2s")
            .end()
            .withExitCode(4);

    ended.saying("left as it is", "rollback.application").advising("resume", "rollback");

    Ended undone = site.tool().run("rollback", "--yes").withExitCode(1);
    site.assertRuns("v1.0.0", undone);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static boolean run(String... words) throws Exception {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
