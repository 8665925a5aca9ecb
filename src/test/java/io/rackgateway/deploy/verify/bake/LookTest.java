package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch.Looking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookTest {

  private static final Instant UPGRADED = Instant.parse("2026-01-15T03:15:00Z");
  private static final BakeLimits LIMITS =
      new BakeLimits(Duration.ofHours(24), 0.01, Duration.ofSeconds(2), 0);
  private static final ProbeCount WELL = new ProbeCount(5, 0, null);

  private final FakeLog log = new FakeLog();
  private final List<Look> looks = new ArrayList<>();

  @Test
  void hourlyLooksAddUpToOneRecordWithoutGapsOrLinesCountedTwice() {
    requests(24 * 60, Duration.ofMinutes(1), i -> 200);

    for (int hour = 1; hour <= 25; hour++) {
      looks.add(look(UPGRADED.plus(Duration.ofHours(hour)), WELL));
    }

    for (int i = 1; i < looks.size(); i++) {
      assertThat(looks.get(i).from()).isEqualTo(looks.get(i - 1).until());
    }
    assertThat(looks.get(24).until()).isEqualTo(UPGRADED.plus(Duration.ofHours(24)));
    assertThat(looks.stream().mapToLong(look -> look.traffic().requests()).sum())
        .isEqualTo(24 * 60);
    assertThat(log.read.values()).containsOnly(1);
    assertThat(looks.get(24).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void aVersionThatIsBadFromTheBeginningIsFoundAtTheFirstLook() {
    requests(3_600, Duration.ofSeconds(1), i -> i % 20 == 0 ? 502 : 200);

    Look look = look(UPGRADED.plus(Duration.ofHours(1)), WELL);

    assertThat(look.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(look.evidence()).contains("5% (180 of 3599) answered with a server error");
  }

  /** No single look has enough of them. */
  @Test
  void whatIsLittleInEachLookIsFoundInAllOfThem() {
    requests(24 * 60, Duration.ofMinutes(1), i -> i % 20 == 0 ? 502 : 200);

    for (int hour = 1; hour <= 24; hour++) {
      looks.add(look(UPGRADED.plus(Duration.ofHours(hour)), WELL));
    }

    assertThat(looks.get(0).verdict()).isEqualTo(Verdict.WARN);
    assertThat(looks.get(23).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void aLogThatBreaksOffIsReadAtTheNextLook() {
    requests(7_200, Duration.ofSeconds(1), i -> 200);
    log.breaksOff = 1;

    Look first = look(UPGRADED.plus(Duration.ofHours(1)), WELL);
    looks.add(first);
    Look second = look(UPGRADED.plus(Duration.ofHours(2)), WELL);

    assertThat(first.verdict()).isEqualTo(Verdict.WARN);
    assertThat(first.evidence()).contains("the log broke off");
    assertThat(first.traffic()).isEqualTo(Traffic.NONE);
    assertThat(second.from()).isEqualTo(UPGRADED);
    assertThat(second.traffic().requests()).isEqualTo(7_199);
  }

  @Test
  void oneLostProbeIsToldAndAllLostProbesAreBad() {
    requests(600, Duration.ofSeconds(1), i -> 200);
    Instant then = UPGRADED.plusSeconds(600);

    assertThat(look(then, new ProbeCount(5, 1, "connection refused")).verdict())
        .isEqualTo(Verdict.WARN);
    Look down = look(then, new ProbeCount(5, 5, "connection refused"));
    assertThat(down.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(down.evidence()).startsWith("5 of 5 health probes failed (connection refused)");
  }

  private interface Choice {
    int of(int request);
  }

  private void requests(int count, Duration apart, Choice status) {
    for (int i = 0; i < count; i++) {
      log.request(UPGRADED.plus(apart.multipliedBy(i)), status.of(i), 12);
    }
  }

  private Look look(Instant now, ProbeCount probes) {
    return new LookTaking(new LogStretch(log, LIMITS.p99(), "/api/v1/health"))
        .take(
            new Looking(new RunId("20260115-031500-7f3a9c"), LIMITS, UPGRADED, null, looks, probes),
            now);
  }
}
