package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.Measures;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch.Baking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BakeTest {

  private static final Instant START = Instant.parse("2026-01-15T03:15:00Z");
  private static final Baseline QUIET =
      new Baseline(
          START.minusSeconds(900),
          START,
          new Traffic(900, 1, Map.of(5L, 899L, 3_000L, 1L)),
          Map.of());

  private final TickingClock clock = new TickingClock(START);
  private final FakeLog log = new FakeLog();
  private final List<Event> events = new ArrayList<>();
  private final List<Bake> progress = new ArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private BakeLimits limits = limits(Duration.ofMinutes(10), 0);
  private Baseline before = QUIET;
  private ProbeCount probesBefore = ProbeCount.NONE;
  private Bake earlier;
  private int probes;
  private int failures;

  /** What happens each time somebody asks how the probes stand, which is at each look. */
  private Runnable meanwhile = () -> {};

  private static BakeLimits limits(Duration period, int healthFailures) {
    return new BakeLimits(period, 0.01, Duration.ofSeconds(2), healthFailures);
  }

  @Test
  void aVersionThatAnswersWellPassesAndNotBeforeItsTime() {
    traffic(600, i -> 200, i -> 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.PASS);
    assertThat(bake.duration()).isEqualTo(Duration.ofMinutes(10));
    assertThat(bake.requests()).isEqualTo(600);
    assertThat(bake.p99()).isEqualTo(Duration.ofMillis(12));
    assertThat(bake.before()).isEqualTo(new Measures(900, 1, Duration.ofMillis(5)));
    assertThat(bake.evidence())
        .contains(
            "0% (0 of 600) answered with a server error, limit 1%, before 0.11% (1 of 900)",
            "0% (0 of 600) slower than 2 s, limit 1%",
            "0 of " + bake.probes() + " health probes failed");
    assertThat(clock.instant()).isAfterOrEqualTo(START.plus(Duration.ofMinutes(10)));
  }

  @Test
  void manyServerErrorsEndItEarly() {
    traffic(600, i -> i % 5 == 0 ? 502 : 200, i -> 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(bake.duration()).isLessThan(Duration.ofMinutes(3));
    assertThat(bake.evidence()).matches("20% \\(\\d+ of \\d+\\) answered with a server error, .*");
  }

  @Test
  void manySlowAnswersEndItToo() {
    traffic(600, i -> 200, i -> i % 10 == 0 ? 2_500 : 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(bake.evidence()).startsWith("10%").contains("slower than 2 s, limit 1%");
    assertThat(bake.p99()).isGreaterThan(Duration.ofSeconds(2));
  }

  /** One client that tries again and again says little of the version. */
  @Test
  void aHandfulOfErrorsInOneMomentDoesNotEndIt() {
    traffic(600, i -> i < 9 ? 502 : 200, i -> 12);

    assertThat(bake().verdict()).isEqualTo(Verdict.WARN);
  }

  @Test
  void tooFewRequestsPassAndSayWhatTheyCannotRuleOut() {
    for (int i = 0; i < 12; i++) {
      log.request(START.plusSeconds(40L * i), i < 3 ? 500 : 200, 12);
    }

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.evidence()).contains("25% (3 of 12)", "which may be chance");
    assertThat(bake.evidence())
        .contains("0% (0 of 12) slower than 2 s")
        .contains("too few to rule out a share of up to 32%");
  }

  @Test
  void noRequestAtAllPassesAndSaysSo() {
    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.evidence()).contains("the log tells of no request");
    assertThat(bake.p99()).isNull();
  }

  @Test
  void whatTheVersionBeforeHadAnywayIsNotHeldAgainstThisOne() {
    before = new Baseline(START.minusSeconds(900), START, new Traffic(900, 45, Map.of()), Map.of());
    traffic(600, i -> i % 20 == 0 ? 502 : 200, i -> 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.evidence()).contains("over the limit, but no more than before");
  }

  @Test
  void muchMoreThanTheVersionBeforeHadAnywayIs() {
    before = new Baseline(START.minusSeconds(900), START, new Traffic(900, 45, Map.of()), Map.of());
    traffic(600, i -> i % 5 == 0 ? 502 : 200, i -> 12);

    assertThat(bake().verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void moreThanBeforeWithinTheLimitPassesAndIsTold() {
    before =
        new Baseline(START.minusSeconds(900), START, new Traffic(9_000, 9, Map.of()), Map.of());
    traffic(3_000, i -> i % 110 == 0 ? 502 : 200, i -> 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.evidence()).contains("within the limit, but more than before");
  }

  @Test
  void withoutWhatWasBeforeTheLimitsAloneCount() {
    before = null;
    traffic(600, i -> i % 5 == 0 ? 502 : 200, i -> 12);

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(bake.before()).isNull();
  }

  @Test
  void aHealthProbeThatFailsEndsItAtOnceWhereNoneMay() {
    traffic(600, i -> 200, i -> 12);
    meanwhile = () -> failures = clock.instant().isAfter(START.plusSeconds(60)) ? 1 : 0;

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(bake.duration()).isLessThan(Duration.ofSeconds(90));
    assertThat(bake.evidence())
        .matches("1 of \\d+ health probes failed, limit 0 \\(status 503\\).*");
  }

  @Test
  void soManyProbesMayFailAsIsConfigured() {
    limits = limits(Duration.ofMinutes(10), 3);
    traffic(600, i -> 200, i -> 12);
    meanwhile = () -> failures = clock.instant().isAfter(START.plusSeconds(60)) ? 3 : 0;

    assertThat(bake().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void aNetworkThatLostProbesBeforeIsNotHeldAgainstTheVersion() {
    probesBefore = new ProbeCount(1_000, 20, "no complete answer within 2 s");
    traffic(600, i -> 200, i -> 12);
    meanwhile = () -> failures = probes / 50;

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.evidence()).contains("before 20 of 1000").contains("no more than before");
  }

  @Test
  void everyLineCountsOnceAlsoWhereTheLogBreaksOff() {
    traffic(600, i -> 200, i -> 12);
    meanwhile =
        () -> {
          if (log.readings == 10) {
            log.breaksOff = 3;
          }
        };

    Bake bake = bake();

    assertThat(bake.requests()).isEqualTo(600);
    assertThat(bake.verdict()).isEqualTo(Verdict.PASS);
    assertThat(log.read.values()).containsOnly(1);
    assertThat(notices())
        .containsExactly(
            "the log broke off and is read again: the log broke off: unexpected end",
            "the log is there again");
  }

  @Test
  void aLogThatStaysAwayIsToldAndTheRestCounts() {
    traffic(600, i -> 200, i -> 12);
    meanwhile =
        () -> {
          if (log.readings == 10) {
            log.breaksOff = 1_000;
          }
        };

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.WARN);
    assertThat(bake.requests()).isEqualTo(100);
    assertThat(bake.evidence()).contains("the log since 2026-01-15T03:16:40Z could not be read");
  }

  /** What the process before had read is read again; its probes are gone, and were counted. */
  @Test
  void aBakeThatWasKilledComesToWhatItWouldHaveComeTo() {
    traffic(600, i -> i % 150 == 0 ? 500 : 200, i -> 12);
    Bake whole = bake();
    clock.advance(Duration.between(clock.instant(), START.plusSeconds(200)));
    earlier =
        new Bake(
            limits,
            START,
            Duration.ofMinutes(2),
            119,
            1,
            null,
            1_200,
            0,
            Verdict.SKIPPED,
            "",
            null);
    probes = 0;

    Bake resumed = bake();

    assertThat(resumed.requests()).isEqualTo(whole.requests());
    assertThat(resumed.serverErrors()).isEqualTo(whole.serverErrors());
    assertThat(resumed.verdict()).isEqualTo(whole.verdict());
    assertThat(resumed.probes()).isGreaterThan(1_200);
    assertThat(clock.instant()).isBefore(START.plus(Duration.ofMinutes(11)));
    assertThat(notices())
        .contains(
            "no health probe was sent for 80 s while the bake was"
                + " interrupted; what the gateway logged meanwhile counts");
  }

  @Test
  void aBakeWhoseTimeIsOverWhenItIsTakenUpIsJudgedByTheLogAtOnce() {
    traffic(600, i -> i % 5 == 0 ? 502 : 200, i -> 12);
    clock.advance(Duration.ofHours(2));

    assertThat(bake().verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void itTellsHowItStandsAboutEachTenSeconds() {
    traffic(600, i -> 200, i -> 12);
    bake();

    List<Event.BakeProgress> told =
        events.stream()
            .filter(Event.BakeProgress.class::isInstance)
            .map(Event.BakeProgress.class::cast)
            .toList();
    assertThat(told).hasSizeBetween(60, 63);
    assertThat(told.get(30).elapsed().plus(told.get(30).left())).isEqualTo(Duration.ofMinutes(10));
    assertThat(told.get(30).requests()).isBetween(270L, 300L);
    assertThat(told.get(told.size() - 1).left()).isZero();
    assertThat(progress).hasSameSizeAs(told).allMatch(b -> b.verdict() == Verdict.SKIPPED);
  }

  @Test
  void itEndsWhenTheRunIsCancelled() {
    meanwhile =
        () -> {
          if (clock.instant().isAfter(START.plusSeconds(60))) {
            cancellation.request("SIGTERM");
          }
        };

    assertThatThrownBy(this::bake)
        .isInstanceOf(DeployException.Cancelled.class)
        .hasMessageContaining("SIGTERM");
    assertThat(clock.instant()).isBefore(START.plusSeconds(90));
  }

  @Test
  void aShortBakeHasFewerSteps() {
    limits = limits(Duration.ofSeconds(5), 0);
    for (int i = 0; i < 100; i++) {
      log.request(START.plusMillis(50L * i), i % 3 == 0 ? 500 : 200, 12);
    }

    Bake bake = bake();

    assertThat(bake.verdict()).isEqualTo(Verdict.FAIL);
  }

  private interface Choice {
    int of(int request);
  }

  /** So many requests, evenly over ten minutes. */
  private void traffic(int requests, Choice status, Choice millis) {
    for (int i = 0; i < requests; i++) {
      log.request(START.plusMillis(600_000L * i / requests), status.of(i), millis.of(i));
    }
  }

  private Bake bake() {
    Waits waits = new Waits(clock, cancellation, events::add);
    return new BakeRun(
            new LogStretch(log, limits.p99(), "/api/v1/health"),
            events::add,
            waits,
            new Baking(limits, START, before, probesBefore, new Counting(), earlier, progress::add),
            List.of(),
            Duration.ZERO)
        .run();
  }

  private List<String> notices() {
    return events.stream()
        .filter(Event.Notice.class::isInstance)
        .map(event -> ((Event.Notice) event).text())
        .toList();
  }

  /** Probes that are as a test says. Time goes on whenever somebody asks for them. */
  private final class Counting implements Measurement {
    @Override
    public ProbeCount count() {
      clock.advance(Duration.ofSeconds(1));
      probes += 10;
      meanwhile.run();
      return new ProbeCount(probes, failures, failures == 0 ? null : "status 503");
    }

    @Override
    public Optional<Downtime> downtime() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
