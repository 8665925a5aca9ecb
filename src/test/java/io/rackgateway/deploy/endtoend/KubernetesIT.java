package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.KubernetesStandIn.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that is a Deployment of a Kubernetes cluster. */
class KubernetesIT {

  @TempDir static Path folder;
  private static HostSite host;
  private KubernetesSite site;

  @BeforeAll
  static void prepare() throws Exception {
    host = HostSite.prepare(folder);
  }

  @AfterAll
  static void end() throws Exception {
    host.close();
  }

  @AfterEach
  void close() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void anUpgradeMigratesAndRollsOutAndARollbackGoesBack() throws Exception {
    site = KubernetesSite.at(host);

    Ended plan = site.tool("plan", "--to", "v1.1.0").withExitCode(0);
    assertThat(plan.out())
        .contains("Deployment gateway in namespace prod of context test", "dry run", "line 20");
    assertThat(site.cluster.calls()).allMatch(call -> call.endsWith("(dry run)"));
    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(site.tool("status").withExitCode(0).out()).contains("v1.1.0");
    Ended back = site.tool("rollback", "--yes").withExitCode(0);
    site.assertRuns("v1.0.0", back);
  }

  @Test
  void stopFirstStopsEveryPodBeforeMigrations() throws Exception {
    site = KubernetesSite.at(host);

    Ended upgrade =
        site.tool(
                "upgrade",
                "--to",
                "v1.1.0",
                "--yes",
                "--set",
                "deploy.kubernetes.strategy=stop-first")
            .withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(site.cluster.calls())
        .containsSubsequence(
            "create leases ",
            "patch deployments gateway",
            "create jobs ",
            "patch deployments gateway");
  }

  @ParameterizedTest
  @ValueSource(strings = {HostSite.WRONG_VERSION, HostSite.MIGRATION_FAILS})
  void whatVerificationOrMigrationsFindIsUndone(String version) throws Exception {
    site = KubernetesSite.at(host);

    Ended upgrade = site.tool("upgrade", "--to", version, "--yes").withExitCode(1);

    site.assertRuns("v1.0.0", upgrade);
  }

  @ParameterizedTest
  @CsvSource({
    "CRASH,          CrashLoopBackOff",
    "PULL,           manifest unknown",
    "UNSCHEDULABLE,  Insufficient memory"
  })
  void podsThatCannotStartEndTheRunAtOnceAndAreUndone(Fault fault, String sentence)
      throws Exception {
    site = KubernetesSite.at(host);
    site.cluster.fault("v1.1.0", fault);

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying(sentence);
    site.assertRuns("v1.0.0", upgrade);
  }

  @Test
  void watchesThatBreakOffAndAServerThatIsBusyAreSurvived() throws Exception {
    site = KubernetesSite.at(host);
    site.cluster.readyAfter(60);
    Tool.Started upgrade = site.upgrade().awaitEffect("await-rollout");
    site.cluster.compact();
    site.cluster.dropWatches();
    site.cluster.busy(4, 503);

    Ended ended = upgrade.end().withExitCode(0);

    site.assertRuns("v1.1.0", ended);
  }

  @Test
  void aRunThatIsKilledIsFinishedByTheNext() throws Exception {
    site = KubernetesSite.at(host);
    site.cluster.readyAfter(100);
    Tool.Started upgrade = site.upgrade().awaitEffect("await-rollout");
    upgrade.process().destroyForcibly().onExit().join();
    site.cluster.readyAfter(2);

    Ended resumed = site.tool("resume").withExitCode(0);

    site.assertRuns("v1.1.0", resumed);
  }

  @Test
  void withoutTheJournalAKilledRunIsFoundByItsMarkInTheCluster() throws Exception {
    site = KubernetesSite.at(host);
    Tool.Started upgrade =
        site.upgrade("--set", "migrate.command=[./held-migrate]").awaitEffect("run-migrations");
    upgrade.process().destroyForcibly().onExit().join();
    site.host.go();
    Files.delete(host.journalFile());

    Ended resumed = site.tool("resume").withExitCode(1);

    resumed.saying("its journal is not at hand, so it is undone");
    site.assertRuns("v1.0.0", resumed);
  }

  @Test
  void aSecondRunnerIsKeptOutByTheLease() throws Exception {
    site = KubernetesSite.at(host);
    Tool.Started first =
        site.upgrade("--set", "migrate.command=[./held-migrate]").awaitEffect("run-migrations");

    Ended second =
        site.tool(
            "upgrade", "--to", "v1.1.0", "--yes", "--set", "journal=jdbc:h2:file:./other/journal");

    second.withExitCode(6);
    site.host.go();
    site.assertRuns("v1.1.0", first.end().withExitCode(0));
  }

  @Test
  void wrongContextsForbiddenVerbsAndExpiredTokensChangeNothing() throws Exception {
    site = KubernetesSite.at(host);

    site.tool("upgrade", "--to", "v1.1.0", "--yes", "--set", "deploy.kubernetes.context=prod")
        .withExitCode(2)
        .saying("there is no context 'prod'", "other, test");
    site.tool("upgrade", "--to", "v1.1.0", "--yes", "--set", "deploy.kubernetes.context=other")
        .withExitCode(2)
        .saying("elsewhere");
    site.cluster.forbid("patch deployments");
    Ended forbidden = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(3);
    assertThat(forbidden.toString()).contains("patch deployments.apps");
    site.cluster.expireTokens();
    Ended expired = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(2);

    expired.saying("the credentials are not accepted").advising("expired");
    site.assertRuns("v1.0.0", expired);
    assertThat(site.cluster.calls()).noneMatch(call -> !call.endsWith("(dry run)"));
  }
}
