package io.rackgateway.deploy.verify.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectation;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InstancesCheckTest {

  private static final Instance GOOD = instance("gateway-1", Instance.State.RUNNING, null);
  private static final Expectation ANY_IMAGE =
      new Expectation(Expectations.UPGRADED.version(), null, Expectations.SINCE, true);

  private final PlatformStub platform = new PlatformStub();
  private final Cancellation cancellation = new Cancellation();

  @Test
  void everyInstanceServingTheExpectedImagePasses() {
    platform.showing(List.of(GOOD, instance("gateway-2", Instance.State.RUNNING, null)));

    assertFinding(
        check(), Verdict.PASS, "2 instances serve, on sha256:111111111111 (rack-gateway:v1.2.0)");
  }

  @Test
  void oneInstanceOfThreeThatRunsAnotherImageFailsAtOnce() {
    String other = "sha256:" + "2".repeat(64);
    platform.showing(
        List.of(
            GOOD,
            instance("gateway-3", Instance.State.RUNNING, null),
            new Instance(
                "c2", "gateway-2", other, "rack-gateway:v1.1.0", Instance.State.RUNNING, null)));

    assertFinding(
        check(Expectations.UPGRADED, Duration.ofHours(1)),
        Verdict.FAIL,
        "1 of 3 instances: instance gateway-2 runs sha256:222222222222 (rack-gateway:v1.1.0), expected"
            + " sha256:111111111111");
  }

  @Test
  void anInstanceThatIsStillStartingIsWaitedFor() {
    platform
        .showing(List.of(instance("gateway-1", Instance.State.STARTING, null)))
        .showing(List.of(GOOD));

    assertFinding(
        check(Expectations.UPGRADED, Duration.ofSeconds(20)), Verdict.PASS, "1 instance serves");
  }

  @Test
  void anInstanceThatDoesNotServeInTimeIsNamed() {
    platform.showing(List.of(GOOD, instance("gateway-2", Instance.State.STOPPED, "exit code 1")));

    assertFinding(check(), Verdict.FAIL, "instance gateway-2 is stopped (exit code 1)");
  }

  @Test
  void noInstanceFails() {
    platform.showing(List.of());

    assertFinding(check(), Verdict.FAIL, "there is no instance");
  }

  @Test
  void aDeadInstanceEndsTheWait() {
    platform.showing(List.of(instance("gateway-1", Instance.State.RESTARTING, null)));
    platform.failure.set(Problem.of("gateway-1 keeps ending with exit code 1", "see its log"));

    assertThatThrownBy(() -> check(Expectations.UPGRADED, Duration.ofHours(1)))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage("gateway-1 keeps ending with exit code 1");
  }

  @Test
  void withoutAnExpectedImageAllHaveToRunTheSame() {
    platform.showing(List.of(GOOD));
    assertThat(check(ANY_IMAGE, Duration.ZERO).verdict()).isEqualTo(Verdict.PASS);

    platform.observations.clear();
    platform.showing(
        List.of(
            GOOD, new Instance("c2", "gateway-2", "other", "ref", Instance.State.RUNNING, null)));
    assertThat(check(ANY_IMAGE, Duration.ZERO).verdict()).isEqualTo(Verdict.FAIL);
  }

  private Finding check() {
    return check(Expectations.UPGRADED, Duration.ZERO);
  }

  private Finding check(Expectation expectation, Duration timeout) {
    Waits waits = new Waits(Clock.systemUTC(), cancellation, Events.none());
    return new InstancesCheck(platform, Expectations.config(timeout), waits).run(expectation);
  }

  private static Instance instance(String name, Instance.State state, String detail) {
    return new Instance(name, name, Expectations.IMAGE, "rack-gateway:v1.2.0", state, detail);
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
