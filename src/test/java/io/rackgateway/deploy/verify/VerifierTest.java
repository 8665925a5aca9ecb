package io.rackgateway.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VerifierTest {

  private final List<Event> events = new CopyOnWriteArrayList<>();

  @Test
  void theResultsStandInTheOrderOfTheChecksWhicheverEndsFirst() {
    CountDownLatch lastIsDone = new CountDownLatch(1);
    List<Check> checks =
        verify(
            check("health", () -> Finding.pass("fine")),
            check(
                "version",
                () -> {
                  await(lastIsDone);
                  return Finding.warn("hm");
                }),
            check(
                "logs",
                () -> {
                  lastIsDone.countDown();
                  return Finding.skipped("none");
                }));

    assertThat(checks).extracting(Check::name).containsExactly("health", "version", "logs");
    assertThat(checks)
        .extracting(Check::verdict)
        .containsExactly(Verdict.PASS, Verdict.WARN, Verdict.SKIPPED);
    assertThat(checks).allSatisfy(check -> assertThat(check.duration()).isPositive());
  }

  @Test
  void eachCheckIsToldWhenItEnds() {
    List<Check> checks =
        verify(check("health", () -> Finding.pass("a")), check("logs", () -> Finding.fail("b")));

    assertThat(events)
        .containsExactlyElementsOf(
            checks.stream().map(check -> (Event) new Event.CheckFinished(check)).toList());
  }

  @Test
  void theOthersBeginOnceTheFirstHasEnded() {
    List<String> order = new CopyOnWriteArrayList<>();
    verify(
        check(
            "health",
            () -> {
              order.add("health begins");
              order.add("health ends");
              return Finding.pass("fine");
            }),
        check(
            "logs",
            () -> {
              order.add("logs");
              return Finding.pass("fine");
            }));

    assertThat(order).containsExactly("health begins", "health ends", "logs");
  }

  @Test
  void afterAFailedFirstCheckTheOthersStillTellWhatTheyFind() {
    assertThat(
            verify(
                check("health", () -> Finding.fail("refused")),
                check("logs", () -> Finding.fail("1 error in the log"))))
        .extracting(Check::evidence)
        .containsExactly("refused", "1 error in the log");
  }

  @Test
  void aFailureOfACheckIsItsEvidence() {
    List<Check> checks =
        verify(
            check(
                "health",
                () -> {
                  throw new DeployException.StepFailed("container gateway-1 ended", "see its log");
                }));

    assertThat(checks)
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
              assertThat(check.evidence()).isEqualTo("container gateway-1 ended");
            });
  }

  @Test
  void aCheckThatBreaksFailsAndDoesNotTakeTheOthersWithIt() {
    List<Check> checks =
        verify(
            check("health", () -> Finding.pass("fine")),
            check(
                "version",
                () -> {
                  throw new IllegalStateException("oops");
                }),
            check("logs", () -> Finding.pass("fine")));

    assertThat(checks.get(1).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(checks.get(1).evidence()).contains("a bug of this tool").contains("oops");
    assertThat(checks.get(2).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void cancellingEndsTheVerificationWhereverItIs() {
    CheckRunner cancelled =
        check(
            "cancelled",
            () -> {
              throw new DeployException.Cancelled("SIGTERM");
            });
    CheckRunner fine = check("fine", () -> Finding.pass("fine"));

    assertThatThrownBy(() -> verify(cancelled, fine)).isInstanceOf(DeployException.Cancelled.class);
    assertThatThrownBy(() -> verify(fine, fine, cancelled))
        .isInstanceOf(DeployException.Cancelled.class);
  }

  private List<Check> verify(CheckRunner first, CheckRunner... others) {
    return new Verifier(first, List.of(others), events::add).verify(Expectations.UPGRADED);
  }

  private static CheckRunner check(String name, Supplier<Finding> finding) {
    return new CheckRunner() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Finding run(Expectation expectation) {
        return finding.get();
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
