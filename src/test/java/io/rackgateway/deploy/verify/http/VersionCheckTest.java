package io.rackgateway.deploy.verify.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VersionCheckTest {

  private final PlatformStub platform = new PlatformStub();
  private MoodyGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = new MoodyGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void theExpectedVersionPasses() {
    gateway.mood = info("1.2.0");

    assertFinding(check("rgw_token"), Verdict.PASS, "the gateway says that it is v1.2.0");
    assertThat(gateway.authorizations).containsExactly("Bearer rgw_token");
  }

  @Test
  void anotherVersionFails() {
    gateway.mood = info("1.1.0");

    assertFinding(check("rgw_token"), Verdict.FAIL, "it is v1.1.0, expected v1.2.0");
  }

  @Test
  void aBuildFromSourceTellsNoVersion() {
    gateway.mood = info("dev");

    assertFinding(check("rgw_token"), Verdict.WARN, "built from source ('dev')");
  }

  @Test
  void withoutATokenTheVersionCannotBeAsked() {
    assertFinding(check(null), Verdict.SKIPPED, "gateway.apiToken is not configured");
    assertThat(gateway.authorizations).isEmpty();
  }

  @Test
  void aRefusedTokenIsSaidToBeRefused() {
    gateway.mood = MoodyGateway.json(401, "{\"error\":\"invalid token\"}");

    Finding finding = check("rgw_s3cr3t");
    assertFinding(
        finding, Verdict.FAIL, "refused the token in gateway.apiToken: status 401 Unauthorized");
    assertThat(finding.evidence()).contains("invalid token").doesNotContain("rgw_s3cr3t");
  }

  @Test
  void aTokenIsNotTakenToAnotherHost() throws IOException {
    try (MoodyGateway other = new MoodyGateway()) {
      gateway.mood = MoodyGateway.redirect(other.config().url().toString());

      assertFinding(check("rgw_token"), Verdict.FAIL, "a redirect to ");
      assertThat(other.authorizations).isEmpty();
    }
  }

  @Test
  void aServerErrorMayPass() {
    AtomicInteger requests = new AtomicInteger();
    gateway.mood =
        exchange ->
            (requests.incrementAndGet() == 1 ? MoodyGateway.json(502, "") : info("1.2.0"))
                .answer(exchange);

    assertThat(check("rgw_token").verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void anAnswerWithoutAVersionFails() {
    gateway.mood = MoodyGateway.json(200, "{}");

    assertFinding(check("rgw_token"), Verdict.FAIL, "/api/v1/info tells no version");
  }

  @Test
  void aDeadGatewayIsNotWaitedFor() {
    platform.failure.set(Problem.of("the gateway's process 17 has ended", "see its log"));
    HttpGateway client = gateway.client();
    gateway.close();

    assertThatThrownBy(() -> check("rgw_token", client))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("process 17 has ended");
  }

  private Finding check(String token) {
    return check(token, gateway.client());
  }

  private Finding check(String token, HttpGateway client) {
    return new VersionCheck(
            client,
            gateway.config(token),
            Expectations.config(Duration.ofSeconds(20)),
            platform,
            new Waits(Clock.systemUTC(), new Cancellation(), Events.none()))
        .run(Expectations.UPGRADED);
  }

  private static MoodyGateway.Mood info(String version) {
    return MoodyGateway.json(
        200, "{\"version\":{\"version\":\"" + version + "\",\"commit_hash\":\"abc\"}}");
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
