package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades whose new version is watched, and looked after, on a process of this host. */
@Tag("postgres")
class HostBakeIT {

  /** The version that answers with errors logs them, too; the check of the log is not meant. */
  private static final String[] UNLOGGED = {"--set", "verify.logAllow=[upstream]"};

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

  @Test
  void aGoodVersionIsWatchedAndLookedAfter() throws Exception {
    Ended upgrade =
        site.tool().run("upgrade", "--to", HostSite.GOOD, "--yes", "--bake", "3s").withExitCode(0);
    assertThat(upgrade.out()).contains("✓ bake", "0 of ", " health probes failed, limit 0");
    site.assertRuns(HostSite.GOOD, upgrade);

    Ended look = site.tool().run("verify", "--since-upgrade").withExitCode(0);
    assertThat(look.out()).contains("v1.1.0 of 'production', upgraded 0 min ago, does well");
    assertThat(site.tool().run("status").withExitCode(0).out())
        .contains("since the upgrade in 1 look");
  }

  @Test
  void aVersionThatAnswersWithErrorsIsTakenBack() throws Exception {
    Ended ended =
        site.tool()
            .run(
                "upgrade",
                "--to",
                HostSite.ANSWERS_ERRORS,
                "--yes",
                "--bake",
                "20s",
                UNLOGGED[0],
                UNLOGGED[1])
            .withExitCode(1);

    ended.saying(
        "failed in bake: v1.1.6 did not keep to its limits",
        "answered with a server error, limit 1%",
        "v1.0.0 runs again and was verified");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void aVersionThatTurnsOutBadAfterItsUpgradeIsTakenBackWhereAsked() throws Exception {
    site.tool()
        .run("upgrade", "--to", HostSite.ANSWERS_ERRORS, "--yes", UNLOGGED[0], UNLOGGED[1])
        .withExitCode(0);
    // Each look adds to the record, until it is enough to tell.
    Await.until(
        "the looks to find it bad",
        () ->
            site.tool()
                .run("verify", "--since-upgrade", UNLOGGED[0], UNLOGGED[1])
                .err()
                .contains("does not do well"));

    Ended ended =
        site.tool()
            .run("verify", "--since-upgrade", "--rollback", "--yes", UNLOGGED[0], UNLOGGED[1])
            .withExitCode(1);

    assertThat(ended.toString()).contains("rolled it back to v1.0.0, which was verified");
    site.assertRuns("v1.0.0", ended);
  }
}
