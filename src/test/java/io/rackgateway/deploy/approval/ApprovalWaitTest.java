package io.rackgateway.deploy.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.testing.ApprovalStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Getting an approval from a gateway, and keeping one that stands. */
class ApprovalWaitTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final ApprovalRequest ASKED =
      new ApprovalRequest(
          "gateway",
          COMMIT,
          "main",
          "Upgrade production to v1.2.0",
          "deployer",
          Map.of("url", "https://ci.example.com/42"));

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private ApprovalStandIn gateway;
  private Duration limit = Duration.ofMinutes(5);

  @BeforeEach
  void start() throws IOException {
    gateway = new ApprovalStandIn();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Approval ensure() {
    return ensure(gateway.url(), ApprovalStandIn.TOKEN, Clock.systemUTC());
  }

  private Approval ensure(URI url, String token, Clock clock) {
    Waits waits = new Waits(clock, cancellation, events::add);
    DeployApprovals approvals =
        new DeployApprovals(new OkHttpClient(), url, new Secret(token), clock, cancellation);
    return new ApprovalWait(approvals, ASKED, limit, waits, events::add, Duration.ofMillis(5))
        .ensure();
  }

  private void approve(ObjectNode request, Duration longevity) {
    request
        .put("status", "approved")
        .put("approved_by_email", "lead@example.com")
        .put("approval_notes", "go ahead")
        .put("approval_expires_at", gateway.time().plus(longevity).toString());
  }

  private List<String> notices() {
    return events.stream()
        .filter(Event.Notice.class::isInstance)
        .map(event -> ((Event.Notice) event).text())
        .toList();
  }

  @Test
  void asksWithEverythingThatADecisionNeedsAndWaitsForIt() {
    gateway.onRead =
        (request, looks) -> {
          if (looks == 3) {
            approve(request, Duration.ofMinutes(15));
          }
        };

    Approval approval = ensure();

    assertThat(approval.decidedBy()).isEqualTo("lead@example.com");
    ObjectNode asked = gateway.requests().get(0);
    assertThat(asked.path("app").asText()).isEqualTo("gateway");
    assertThat(asked.path("git_commit_hash").asText()).isEqualTo(COMMIT);
    assertThat(asked.path("git_branch").asText()).isEqualTo("main");
    assertThat(asked.path("message").asText()).isEqualTo("Upgrade production to v1.2.0");
    assertThat(asked.path("target_api_token").asText()).isEqualTo("deployer");
    assertThat(asked.path("ci_metadata").path("url").asText())
        .isEqualTo("https://ci.example.com/42");
    assertThat(notices())
        .containsExactly(
            "approval dar-1 of commit 0123456789ab is waited for, for at most 5 min; approve it in"
                + " the gateway's web interface",
            "approval dar-1 was given by lead@example.com: 'go ahead'; it stands for 15 min");
    assertThat(events)
        .anyMatch(
            event ->
                event instanceof Event.Waiting waiting
                    && waiting.what().equals("approval dar-1 (pending)"));
  }

  @Test
  void approvalThatStandsIsUsedAgain() {
    gateway.onRead = (request, looks) -> approve(request, Duration.ofMinutes(15));
    ensure();

    assertThat(ensure().id()).isEqualTo("dar-1");
    assertThat(gateway.requests()).hasSize(1);
  }

  @Test
  void requestOfARunThatWasKilledIsTakenOn() {
    limit = Duration.ofMillis(50);
    assertThatThrownBy(this::ensure).hasMessageContaining("nobody decided on approval dar-1");
    limit = Duration.ofMinutes(5);
    gateway.onRead = (request, looks) -> approve(request, Duration.ofMinutes(15));

    assertThat(ensure().id()).isEqualTo("dar-1");
  }

  @Test
  void approvalThatRanOutIsAskedForAgain() {
    gateway.onRead = (request, looks) -> approve(request, Duration.ofMinutes(15));
    ensure();
    gateway.timeIs(gateway.time().plus(Duration.ofMinutes(16)));

    assertThat(ensure().id()).isEqualTo("dar-2");
  }

  @Test
  void approvalThatIsAboutToRunOutIsNotUsedAndReplacedOnceItHas() {
    gateway.onRead =
        (request, looks) -> {
          if (looks == 1) {
            approve(request, Duration.ofSeconds(5));
          } else if (looks == 2) {
            gateway.timeIs(gateway.time().plus(Duration.ofSeconds(6)));
          } else {
            approve(request, Duration.ofMinutes(15));
          }
        };

    assertThat(ensure().id()).isEqualTo("dar-2");
    assertThat(notices()).contains("approval dar-1 ran out; dar-2 was asked for instead");
  }

  @Test
  void timeIsTheGatewaysNotThisMachines() {
    gateway.timeIs(Instant.parse("2031-01-01T00:00:00Z"));
    gateway.onRead = (request, looks) -> approve(request, Duration.ofMinutes(15));

    assertThat(ensure().left()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void rejectionEndsTheWaitWithWhatWasSaid() {
    gateway.onRead =
        (request, looks) ->
            request
                .put("status", "rejected")
                .put("rejected_by_email", "lead@example.com")
                .put("approval_notes", "not on a\nFriday");

    assertThatThrownBy(this::ensure)
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage("approval dar-1 was rejected by lead@example.com: 'not on a Friday'");
  }

  @Test
  void nobodyDecidesInTime() {
    limit = Duration.ofMillis(30);

    assertThatThrownBy(this::ensure)
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage("nobody decided on approval dar-1 of commit 0123456789ab within 0 s");
  }

  @Test
  void statusThatIsNotKnownIsNoApproval() {
    gateway.onRead = (request, looks) -> request.put("status", "delegated");

    assertThatThrownBy(this::ensure)
        .hasMessage("approval dar-1 has a status that this tool does not know");
  }

  @Test
  void endThatCannotBeReadIsOver() {
    gateway.onRead =
        (request, looks) -> {
          approve(request, Duration.ofMinutes(15));
          if (looks == 1) {
            request.put("approval_expires_at", "tomorrow");
          }
        };

    assertThat(ensure().id()).isEqualTo("dar-2");
  }

  @Test
  void gatewayThatIsAwayForAWhileIsAskedAgain() {
    gateway.isSilentFor(3);
    gateway.onRead =
        (request, looks) -> {
          if (looks == 1) {
            gateway.isSilentFor(3);
          } else {
            approve(request, Duration.ofMinutes(15));
          }
        };

    assertThat(ensure().id()).isEqualTo("dar-1");
    assertThat(notices())
        .contains("the gateway 127.0.0.1 does not answer (status 503); asking again");
  }

  @Test
  void gatewayThatStaysAwayIsNamed() {
    Instant[] time = {Instant.parse("2026-03-01T10:00:00Z")};
    Clock fast =
        new Clock() {
          @Override
          public Instant instant() {
            time[0] = time[0].plusSeconds(20);
            return time[0];
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    URI nowhere = gateway.url();
    gateway.close();

    assertThatThrownBy(() -> ensure(nowhere, ApprovalStandIn.TOKEN, fast))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage(
            "the gateway 127.0.0.1 could not be asked for a deploy approval: connection refused");
  }

  @Test
  void wrongTokenIsNamedAndNotShown() {
    assertThatThrownBy(() -> ensure(gateway.url(), "rgw_wrong", Clock.systemUTC()))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage(
            "asking for an approval failed: the gateway 127.0.0.1 answered with status 401: invalid"
                + " token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | deploy approvals feature is disabled                      | switch deploy approvals on
          404 | app 'gateway' not found                                   | check the names of app and token
          403 | you do not have permission to request a deploy approval   | give the API token the right
          400 | message is required                                       | mend what it says
          302 | moved                                                     | see the gateway's logs
          """)
  void refusalSaysWhatToDo(int status, String reason, String next) {
    gateway.answersInstead(status, "{\"error\": \"" + reason + "\"}");

    assertThatThrownBy(this::ensure)
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> {
              assertThat(e.problem().summary()).contains("status " + status + ": " + reason);
              assertThat(e.problem().next()).startsWith(next);
            });
  }

  @Test
  void answerThatIsNoJsonIsARefusal() {
    gateway.answersInstead(200, "<html>a proxy's page</html>");

    assertThatThrownBy(this::ensure)
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("answered with status 200");
  }

  @Test
  void waitEndsWhenTheRunIsAskedToStop() {
    gateway.onRead = (request, looks) -> cancellation.request("stopped by a signal");

    assertThatThrownBy(this::ensure).isInstanceOf(DeployException.Cancelled.class);
  }
}
