package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that is an app of a Convox rack. */
class ConvoxIT {

  @TempDir static Path folder;
  private static HostSite host;
  private ConvoxSite site;

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

  private String build(String release) {
    return site.rack.releases().stream()
        .filter(r -> r.id().equals(release))
        .findFirst()
        .orElseThrow()
        .build();
  }

  @Test
  void anUpgradeBuildsMigratesAndPromotes() throws Exception {
    site = ConvoxSite.at(host);
    String before = site.rack.activeRelease();

    Ended plan = site.tool("plan", "--to", "v1.1.0").withExitCode(0);
    assertThat(plan.out())
        .contains("not promoted yet", "promote the release of", "line 6", "line 12");
    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(site.rack.activeRelease()).isNotEqualTo(before);
    assertThat(Files.readString(site.manifest))
        .isEqualTo(ConvoxSite.MANIFEST.replace(":v1.0.0", ":v1.1.0"));
    assertThat(site.rack.releases().get(0).env()).contains(ConvoxSite.SECRET);
    assertThat(site.tool("status").withExitCode(0).out()).contains("v1.1.0");

    Ended back = site.tool("rollback", "--yes").withExitCode(0);

    site.assertRuns("v1.0.0", back);
    assertThat(build(site.rack.activeRelease())).isEqualTo(build(before));
    assertThat(site.rack.releases().get(0).env()).contains(ConvoxSite.SECRET);
  }

  @Test
  void anImageTagThatIsAVariableIsChangedInTheEnvironment() throws Exception {
    String manifest = ConvoxSite.MANIFEST.replace(":v1.0.0", ":${IMAGE_TAG}");
    site = ConvoxSite.at(host, manifest, "IMAGE_TAG=v1.0.0\nOTHER=kept");

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(Files.readString(site.manifest)).isEqualTo(manifest);
    assertThat(site.rack.releases().get(0).env()).contains("IMAGE_TAG=v1.1.0", "OTHER=kept");
    Ended back = site.tool("rollback", "--yes").withExitCode(0);
    site.assertRuns("v1.0.0", back);
  }

  /** What the command line does for the same things stands beside it in docs/convox.md. */
  @Test
  void theCallsThatChangeSomethingAreThese() throws Exception {
    site = ConvoxSite.at(host);

    Ended upgrade =
        site.tool(
                "upgrade", "--to", "v1.1.0", "--yes", "--set", "deploy.convox.strategy=stop-first")
            .withExitCode(0);
    site.assertRuns("v1.1.0", upgrade);
    Ended back =
        site.tool("rollback", "--yes", "--set", "deploy.convox.strategy=stop-first")
            .withExitCode(0);

    site.assertRuns("v1.0.0", back);
    assertThat(String.join("\n", Transcript.of(site.rack.calls())))
        .isEqualTo(
            """
            POST /apps/gateway/objects/tmp/RUN1.tgz
            POST /apps/gateway/builds description=rack-gateway-deploy RUN1: to v1.1.0 manifest=convox.yml url=object://gateway/tmp/RUN1.tgz
            PUT /apps/gateway/services/gateway count=0
            POST /apps/gateway/services/admin/processes =null [Command: sleep 3600] [Release: RELEASE1] [Environment: ADMIN_DATABASE_URL=…]
            SOCKET /apps/gateway/processes/PROCESS1/exec [Command: ./rack-gateway-api migrate] [Tty: false] [Disable-Stdin: true]
            DELETE /apps/gateway/processes/PROCESS1
            POST /apps/gateway/releases/RELEASE1/promote timeout=30
            POST /apps/gateway/releases build=BUILD1 description=rack-gateway-deploy RUN2: to v1.0.0 parent-release=RELEASE1
            PUT /apps/gateway/services/gateway count=0
            POST /apps/gateway/releases/RELEASE2/promote timeout=30\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {HostSite.WRONG_VERSION, HostSite.MIGRATION_FAILS})
  void whatVerificationOrMigrationsFindIsUndone(String version) throws Exception {
    site = ConvoxSite.at(host);

    Ended upgrade = site.tool("upgrade", "--to", version, "--yes").withExitCode(1);

    site.assertRuns("v1.0.0", upgrade);
    assertThat(Files.readString(site.manifest)).isEqualTo(ConvoxSite.MANIFEST);
  }

  @Test
  void aRackThatGoesBackByItselfIsBelievedAndNotItsStatus() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.rolloutsAreRolledBack("unhealthy");
    site.rack.log(
        "gateway",
        "[pod/gateway-new/gateway] " + Instant.now() + " fatal: the new one cannot start");

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying("the rack went back by itself");
    assertThat(upgrade.err()).contains("fatal: the new one cannot start");
    site.assertRuns("v1.0.0", upgrade);
  }

  @Test
  void aCrashLoopEndsTheWaitAtOnce() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.rolloutsGetStuck("crashed");

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes");

    upgrade.withExitCode(1).saying("keeps ending and being started again");
    site.assertRuns("v1.0.0", upgrade);
  }

  @Test
  void aBuildThatFailsShowsTheEndOfItsLog() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.buildsFail("", "manifest for rack-gateway:v1.1.0 not found");

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying("build B", "failed").advising("convox builds logs");
    assertThat(upgrade.err()).contains("v1.1.0 not found");
    site.assertRuns("v1.0.0", upgrade);
  }

  @Test
  void aBuildWhoseLogBreaksOffIsLookedAtToItsEnd() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.buildLogsBreakOffAfter(1);
    site.rack.buildTakes(3);

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
  }

  @Test
  void anExitCodeThatComesInPiecesIsPutTogether() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.exitCodesAreSplit();

    Ended failed = site.tool("upgrade", "--to", HostSite.MIGRATION_FAILS, "--yes").withExitCode(1);

    failed.saying("failed with exit code 1");
    site.assertRuns("v1.0.0", failed);
    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);
    site.assertRuns("v1.1.0", upgrade);
  }

  @Test
  void migrationsWithoutAnExitCodeAreNotTakenForDone() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.exitCodesAreMissing();

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying("without an exit code");
    site.assertRuns("v1.0.0", upgrade);
  }

  @Test
  void aRackThatIsAwayForAWhileIsWaitedFor() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.stepsByHand(true);
    Tool.Started upgrade = site.heldUpgrade();
    site.host.go();
    upgrade.awaitEffect("await-rollout");
    site.rack.unreachable();

    upgrade.awaitOutput("asking again");
    site.rack.behave();
    upgrade.awaitOutput("answers again");
    site.rack.stepsByHand(false);
    Ended ended = upgrade.end().withExitCode(0);
    site.assertRuns("v1.1.0", ended);
  }

  @Test
  void aRunThatIsKilledIsFinishedByTheNext() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.stepsByHand(true);
    Tool.Started upgrade = site.upgrade().awaitEffect("await-rollout");
    upgrade.process().destroyForcibly().onExit().join();
    site.rack.stepsByHand(false);

    Ended resumed = site.tool("resume").withExitCode(0);

    site.assertRuns("v1.1.0", resumed);
    assertThat(site.rack.promotions()).hasSize(1);
  }

  @Test
  void withoutTheJournalAKilledRunIsFoundByItsMarkOnTheRack() throws Exception {
    site = ConvoxSite.at(host);
    Tool.Started upgrade = site.heldUpgrade();
    upgrade.process().destroyForcibly().onExit().join();
    site.host.go();
    Files.delete(host.journalFile());

    Ended resumed = site.tool("resume").withExitCode(1);

    resumed.saying("its journal is not at hand, so it is undone");
    site.assertRuns("v1.0.0", resumed);
  }

  @Test
  void aWrongTokenOrAnUnknownServiceOrAppChangesNothing() throws Exception {
    site = ConvoxSite.at(host);

    site.tool("upgrade", "--to", "v1.1.0", "--yes", "--set", "deploy.convox.service=web")
        .withExitCode(2)
        .saying("there is no service 'web'", "admin, gateway")
        .advising("deploy.convox.service");
    site.tool("upgrade", "--to", "v1.1.0", "--yes", "--set", "deploy.convox.app=other")
        .withExitCode(2)
        .saying("/apps/other");
    site.rack.refuseTokens();
    Ended refused = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(2);
    refused.saying("does not accept the credentials").advising("RACK_URL");

    site.rack.behave();
    site.assertRuns("v1.0.0", refused);
    assertThat(site.rack.promotions()).isEmpty();
  }

  @Test
  void anAppThatIsBeingUpdatedBySomebodyElseIsLeftAlone() throws Exception {
    site = ConvoxSite.at(host);
    site.rack.stepsByHand(true);
    site.rack.promotedByOthers(site.rack.activeRelease());

    Ended before = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(3);

    before.saying("the app gateway is updating").advising("wait until it is running");
    assertThat(site.rack.promotions()).isEmpty();
    site.rack.stepsByHand(false);
  }

  @Test
  void anAppThatSomebodyElseUpdatesWhileMigrationsRunIsNotPromotedOver() throws Exception {
    site = ConvoxSite.at(host);
    Tool.Started upgrade = site.heldUpgrade();
    site.rack.stepsByHand(true);
    site.rack.promotedByOthers(site.rack.activeRelease());
    site.host.go();

    upgrade.awaitPhase("rollback");
    site.rack.stepsByHand(false);

    Ended ended = upgrade.end().withExitCode(1);
    ended.saying("is updating already, by somebody else");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void throughAGatewayMasksAndApprovalsAreRespected() throws Exception {
    site = ConvoxSite.at(host);
    site.configure("rack: ${GATEWAY_RACK_URL}", "gatewayToken: ${GATEWAY_TOKEN}");
    site.rack.gatewayMasks("APP_SECRET_KEY");

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    assertThat(upgrade.out()).contains("the only way to the rack leads through a Rack Gateway");
    site.assertRuns("v1.1.0", upgrade);
    assertThat(site.rack.releases().get(0).env()).contains(ConvoxSite.SECRET);
    site.rack.secondFactorNeeded();
    Ended refused = site.tool("upgrade", "--to", HostSite.UNHEALTHY, "--yes").withExitCode(1);
    refused.saying("multi-factor authentication");
    site.rack.behave();
    site.rack.approvalNeeded();
    site.rack.approved(Set.of(), Set.of());
    Ended unapproved = site.tool("upgrade", "--to", HostSite.UNHEALTHY, "--yes").withExitCode(1);
    unapproved.saying("does not allow POST");
    site.assertRuns("v1.1.0", unapproved);
    assertThat(unapproved.toString()).doesNotContain(ConvoxRackStandIn.GATEWAY_TOKEN);
  }
}
