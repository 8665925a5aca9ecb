package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.testing.ApprovalStandIn;
import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments that a Rack Gateway lets through with an approval only. */
class ConvoxApprovalIT {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Set<String> MIGRATIONS = Set.of("./rack-gateway-api migrate");

  @TempDir static Path folder;
  private static HostSite host;
  private ConvoxSite site;
  private ApprovalStandIn approvals;

  @BeforeAll
  static void prepare() throws Exception {
    host = HostSite.prepare(folder);
  }

  @AfterAll
  static void end() throws Exception {
    host.close();
  }

  @BeforeEach
  void open() throws Exception {
    site = ConvoxSite.at(host);
    approvals = new ApprovalStandIn(ConvoxRackStandIn.GATEWAY_TOKEN);
    site.rack.deployApprovals(approvals);
    site.rack.approvalNeeded();
    site.configure(
        "rack: ${GATEWAY_RACK_URL}",
        "gatewayToken: ${GATEWAY_TOKEN}",
        "commit: " + COMMIT,
        "approval: {required: true, branch: main, timeout: 1m}");
  }

  @AfterEach
  void close() {
    site.close();
    approvals.close();
  }

  /** Somebody approves what is looked at. */
  private void approve(ObjectNode request) {
    request
        .put("status", "approved")
        .put("approved_by_email", "ada@example.com")
        .put("approval_expires_at", approvals.time().plus(Duration.ofMinutes(15)).toString());
    site.rack.approved(Set.of(COMMIT), MIGRATIONS);
  }

  private static void reject(ObjectNode request) {
    request
        .put("status", "rejected")
        .put("rejected_by_email", "ada@example.com")
        .put("approval_notes", "not before the audit");
  }

  /** The approval runs out before it is asked for so often. */
  private void runsOutBefore(int question) {
    approvals.onRequest =
        count -> {
          if (count == question) {
            approvals.timeIs(approvals.time().plus(Duration.ofHours(1)));
            site.rack.approved(Set.of(), Set.of());
          }
        };
  }

  @Test
  void nothingIsDoneBeforeSomebodyApproves() throws Exception {
    approvals.onRead =
        (request, looks) -> {
          assertThat(site.rack.calls()).noneMatch(call -> call.startsWith("POST"));
          if (looks == 2) {
            approve(request);
            approvals.onRead = (again, more) -> {};
          }
        };

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(approvals.requests()).hasSize(1);
    assertThat(approvals.requests().get(0).path("git_commit_hash").asText()).isEqualTo(COMMIT);
    assertThat(approvals.requests().get(0).path("message").asText()).contains("1.0.0", "1.1.0");
    assertThat(upgrade.out()).contains("is waited for", "was given by ada@example.com");
    assertThat(site.rack.calls())
        .anyMatch(call -> call.startsWith("POST /apps/gateway/builds") && call.contains(COMMIT));
  }

  @Test
  void aRejectionEndsTheRunWithNothingBuilt() throws Exception {
    approvals.onRead = (request, looks) -> reject(request);

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying("was rejected", "ada@example.com", "not before the audit");
    site.assertRuns("v1.0.0", upgrade);
    assertThat(site.rack.releases()).hasSize(1);
  }

  @Test
  void anApprovalThatRunsOutAfterTheBuildIsAskedForAgain() throws Exception {
    approvals.onRead = (request, looks) -> approve(request);
    runsOutBefore(2);

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    assertThat(approvals.requests()).hasSize(2);
  }

  /** Such tokens cannot make the old build's release the newest again, and need not. */
  @Test
  void aRejectionAfterTheBuildEndsTheRunAsItWas() throws Exception {
    approvals.onRead =
        (request, looks) -> {
          if (approvals.requests().size() == 1) {
            approve(request);
          } else {
            reject(request);
          }
        };
    runsOutBefore(2);

    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(1);

    upgrade.saying("was rejected");
    assertThat(upgrade.out()).contains("stays the newest one");
    assertThat(site.rack.promotions()).isEmpty();
    assertThat(host.version()).isEqualTo("v1.0.0");
    assertThat(site.rack.oneOffs()).isEmpty();
  }

  @Test
  void whatTheApprovalNeedsIsAskedForBeforeAnythingElse() throws Exception {
    site.configure(
        "rack: ${GATEWAY_RACK_URL}",
        "gatewayToken: ${GATEWAY_TOKEN}",
        "approval: {required: true}");
    site.tool("upgrade", "--to", "v1.1.0", "--yes")
        .withExitCode(2)
        .saying("needs commit")
        .advising("GITHUB_SHA");

    site.configure("rack: ${RACK_URL}", "commit: " + COMMIT, "approval: {required: true}");
    site.tool("upgrade", "--to", "v1.1.0", "--yes")
        .withExitCode(2)
        .saying("needs gatewayToken")
        .advising("gatewayToken");
    assertThat(site.rack.calls()).isEmpty();
  }
}
