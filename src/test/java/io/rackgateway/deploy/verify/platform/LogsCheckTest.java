package io.rackgateway.deploy.verify.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogsCheckTest {

  private static final String STARTED = "2025/01/29 12:34:56 listening on :8080";
  private static final String AUDIT =
      "{\"ts\":\"2025-01-29T12:34:56Z\",\"action_type\":\"convox\",\"resource\":\"error\","
          + "\"rbac_decision\":\"allow\",\"http_status\":%d}";

  private final PlatformStub platform = new PlatformStub();

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

  @Test
  void errorsOfKindsThatWereThereBeforeTheUpgradeOnlyWarn() {
    platform.stream =
        log -> {
          log.line("gateway-1", null, "2025/01/29 12:34:57 ERROR dial tcp 10.0.0.7:5432: refused");
          log.line("gateway-1", null, "2025/01/29 12:34:58 ERROR dial tcp 10.0.0.8:5432: refused");
        };

    assertFinding(
        run(Map.of("ERROR dial tcp #: refused", 3)),
        Verdict.WARN,
        "2 errors of kinds that were logged before the upgrade, too: 'ERROR dial tcp #: refused'"
            + " twice on gateway-1 (before: 3 times)");
  }

  @Test
  void anErrorThatWasNotThereBeforeFailsAndTheOthersAreToldBesides() {
    platform.stream =
        log -> {
          log.line("gateway-1", null, "ERROR dial tcp 10.0.0.7:5432: refused");
          log.line("gateway-2", null, "serving");
          log.line("gateway-2", null, "panic: no session");
          log.line("gateway-2", null, "goroutine 17 [running]:");
        };
    platform.showing(List.of(instance("gateway-1"), instance("gateway-2")));

    Finding finding = run(Map.of("ERROR dial tcp #: refused", 1));
    assertFinding(
        finding, Verdict.FAIL, "1 new error in the log: 'panic: no session' once on gateway-2;");
    assertThat(finding.evidence())
        .contains("1 error of kinds that were logged before the upgrade, too: 'ERROR dial tcp")
        .contains("'serving' | 'panic: no session' | 'goroutine 17 [running]:'");
  }

  @Test
  void theLastWordsOfTheVersionBeforeAreNotHeldAgainstThisOne() {
    platform.stream =
        log -> {
          log.line("gateway-old", null, "error: accept: use of closed network connection");
          log.line("gateway-1", null, "serving");
        };
    platform.showing(
        List.of(
            instance("gateway-1"),
            new Instance(
                "c0",
                "gateway-old",
                "sha256:" + "2".repeat(64),
                "rack-gateway:v1.1.0",
                Instance.State.STOPPED,
                null)));

    assertFinding(
        run(Map.of()),
        Verdict.WARN,
        "1 error of instances that are not this version's: 'error: accept: use of closed network"
            + " connection' once on gateway-old");
  }

  @Test
  void aLogThatBreaksOffIsNeverAPass() {
    platform.stream =
        log -> {
          log.line("gateway-1", null, "serving");
          throw new DeployException.StepFailed("the engine went away", "start it");
        };

    assertFinding(
        run(Map.of()),
        Verdict.WARN,
        "the log broke off after 1 line, which held no errors: the engine went away");
  }

  @Test
  void whatWasReadOfALogThatBreaksOffCounts() {
    platform.stream =
        log -> {
          log.line("", null, "panic: no session");
          throw new DeployException.StepFailed("the engine went away", "start it");
        };

    assertFinding(run(Map.of()), Verdict.FAIL, "the log broke off there: the engine went away");
  }

  @Test
  void aLogThatCannotBeReadAtAllFails() {
    platform.stream =
        log -> {
          throw new DeployException.StepFailed("the engine went away", "start it");
        };

    assertFinding(run(Map.of()), Verdict.FAIL, "the log cannot be read: the engine went away");
  }

  private Finding run(Map<String, Integer> before) {
    Baseline baseline =
        new Baseline(
            Expectations.SINCE.minusSeconds(900), Expectations.SINCE, Traffic.NONE, before);
    return new LogsCheck(platform, Expectations.config(Duration.ofSeconds(1)))
        .run(Expectations.UPGRADED.comparedWith(baseline));
  }

  private static Instance instance(String name) {
    return new Instance(
        name, name, Expectations.IMAGE, "rack-gateway:v1.2.0", Instance.State.RUNNING, null);
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
