package io.rackgateway.deploy.driver.kubernetes;

import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.DEPLOYMENT;
import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.testing.KubernetesStandIn;
import io.rackgateway.deploy.testing.KubernetesStandIn.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a rollout is followed: by what happens, to its success or its first sign of failure. */
class KubernetesRolloutTest {

  @TempDir Path folder;
  private KubernetesFixture site;

  @BeforeEach
  void prepare() throws IOException {
    site = new KubernetesFixture(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PULL,           manifest unknown",
    "CRASH,          CrashLoopBackOff (it ended with exit code 1",
    "CONFIG,         CreateContainerConfigError: secret \"gateway\" not found",
    "UNSCHEDULABLE,  3 Insufficient memory"
  })
  void podsThatCannotStartEndItAtOnce(Fault fault, String sentence) {
    site.cluster.fault("v1.1.0", fault);
    Deployment deployment = site.deployment(NEW);
    Instant began = Instant.now();

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(sentence);

    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(8));
    site.run(deployment, Phase.ROLLBACK);
    assertThat(site.cluster.running()).containsExactly("v1.0.0", "v1.0.0");
  }

  @Test
  void aCrashTellsWhatTheContainerBeforeLogged() {
    site.cluster.fault("v1.1.0", Fault.CRASH);
    Deployment deployment = site.deployment(NEW);

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e ->
                assertThat(e.problem().details())
                    .contains("fatal: cannot connect to the database"));
  }

  @Test
  void aQuotaThatRefusesPodsIsSaidAtOnce() {
    Deployment deployment = site.deployment(NEW);
    site.cluster.quota("pods \"gateway-x\" is forbidden: exceeded quota: prod");

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("exceeded quota");
  }

  @Test
  void theDeploymentsOwnDeadlineIsHonoured() {
    site.cluster.apply(
        DEPLOYMENT.replace("progressDeadlineSeconds: 600", "progressDeadlineSeconds: 1"));
    KubernetesFixture.until(
        "two pods", () -> site.driver().observe().instances().stream().allMatch(i -> i.serving()));
    site.cluster.fault("v1.1.0", Fault.NEVER_READY);
    Deployment deployment = site.deployment(NEW);

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("progressDeadlineSeconds (1)");
  }

  @Test
  void aRolloutThatNeverEndsIsGivenUp() {
    site.cluster.fault("v1.1.0", Fault.NEVER_READY);
    site.rolloutTimeout = Duration.ofSeconds(2);
    Deployment deployment = site.deployment(NEW);

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("was not over within 2 s")
        .hasMessageContaining("0 of 2 new pods ready");
  }

  @Test
  void watchesThatBreakOffOrAreTooOldAreBegunAnew() throws Exception {
    site.cluster.readyAfter(40);
    Deployment deployment = site.deployment(NEW);
    Thread trouble =
        new Thread(
            () -> {
              KubernetesFixture.until(
                  "the rollout", () -> site.cluster.running().contains("v1.1.0"));
              site.cluster.compact();
              site.cluster.dropWatches();
            });
    trouble.start();

    site.run(deployment, Phase.ROLLOUT);
    trouble.join();

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void anApiServerThatIsBusyIsAskedAgain(int status) {
    Deployment deployment = site.deployment(NEW);
    site.cluster.busy(3, status);

    site.upgrade(deployment);

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
  }

  @Test
  void aSlowApiServerIsWaitedFor() {
    site.cluster.latency(Duration.ofMillis(100));

    site.upgrade(site.deployment(NEW));

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
  }

  @Test
  void whileNothingHappensNothingIsAsked() throws Exception {
    site.cluster.fault("v1.1.0", Fault.NEVER_READY);
    site.rolloutTimeout = Duration.ofSeconds(4);
    Deployment deployment = site.deployment(NEW);
    int before = site.cluster.requests();

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class);

    assertThat(site.cluster.requests() - before).isLessThan(20);
  }

  @Test
  void aTagThatWasMovedSinceThePlanIsFound() {
    site.planned("sha256:" + "a".repeat(64));
    Deployment deployment = site.deployment(NEW);

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> assertThat(e.problem().next()).contains("--digest"))
        .hasMessageContaining(KubernetesStandIn.digest("v1.1.0"));
  }

  @Test
  void theDigestThatWasPlannedIsTheOneThatRuns() {
    site.planned(KubernetesStandIn.digest("v1.1.0"));

    site.upgrade(site.deployment(NEW));

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
  }
}
