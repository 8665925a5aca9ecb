package io.rackgateway.deploy.verify.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogsCheckTest {

  private static final String STARTED = "2025/01/29 12:34:56 listening on :8080";
  private static final String AUDIT =
      "{\"ts\":\"2025-01-29T12:34:56Z\",\"action_type\":\"convox\",\"resource\":\"error\","
          + "\"rbac_decision\":\"allow\",\"http_status\":%d}";

  @Test
  void aLogWithoutErrorsPasses() {
    assertFinding(check(STARTED, "second line"), Verdict.PASS, "no errors in 2 log lines");
  }

  @Test
  void theErrorsAreNamedAndTheFirstIsQuotedWithTheLinesAroundIt() {
    Finding finding =
        check(STARTED, "2025/01/29 12:34:57 FATAL: no RACK_TOKEN", "panic: runtime error");

    assertFinding(
        finding,
        Verdict.FAIL,
        "2 errors in the log: 'FATAL: no RACK_TOKEN' once, 'panic: runtime error' once; the first with"
            + " the lines around it: '2025/01/29 12:34:56 listening on :8080' | '2025/01/29"
            + " 12:34:57 FATAL: no RACK_TOKEN' | 'panic: runtime error'");
  }

  @Test
  void wordsThatOnlyContainSuchAWordAreNoErrors() {
    assertThat(check("0 errors", "terrors", "panicked not").verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void linesThatTheConfigurationAllowsAreNoErrors() {
    assertThat(check(List.of("known error \\d+"), "known error 7").verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void auditRecordsMaySpeakOfErrors() {
    assertThat(check(AUDIT.formatted(200), "gateway-1  | " + AUDIT.formatted(404)).verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void aRequestAnsweredWithAServerErrorIsAWarning() {
    assertFinding(
        check(STARTED, AUDIT.formatted(502)),
        Verdict.WARN,
        "1 request answered with a server error, the first: '{");
  }

  @Test
  void aRequestsOwnRecordTellsItsStatusAsANumber() {
    String request =
        "{\"ts\":\"2026-01-15T03:15:00Z\",\"method\":\"GET\",\"path\":\"/api/v1/info\",\"status\":%d,"
            + "\"latency_ms\":3,\"rbac_decision\":\"%s\"}";

    assertThat(check(STARTED, request.formatted(500, "error")).verdict()).isEqualTo(Verdict.WARN);
    assertThat(check(STARTED, request.formatted(200, "allow")).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void jsonThatIsNoAuditRecordCountsLikeAnyLine() {
    assertThat(check("{\"level\":\"ERROR\",\"msg\":\"job failed\"}").verdict())
        .isEqualTo(Verdict.FAIL);
  }

  @Test
  void aLongLineIsCut() {
    assertThat(check("error " + "x".repeat(100_000)).evidence().length()).isLessThan(600);
  }

  @Test
  void noLogIsNoProof() {
    assertFinding(check(), Verdict.SKIPPED, "no log lines since 2026-01-15T03:15:00Z");
  }

  @Test
  void aBadExpressionIsAUsageErrorThatNamesIt() {
    assertThatThrownBy(() -> check(List.of("(unclosed"), STARTED))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("verify.logAllow")
        .hasMessageContaining("(unclosed");
  }

  private static Finding check(String... lines) {
    return check(List.of(), lines);
  }

  private static Finding check(List<String> allowed, String... lines) {
    PlatformStub platform = new PlatformStub();
    platform.logs = List.of(lines);
    VerifyConfig config = Expectations.config(Duration.ofSeconds(1), null, allowed);
    return new LogsCheck(platform, config).run(Expectations.UPGRADED);
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
