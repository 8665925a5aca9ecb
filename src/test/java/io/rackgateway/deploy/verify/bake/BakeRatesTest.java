package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Traffic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * How often a bake decides wrongly at the default limits, ten minutes, and one request a second:
 * simulated bakes whose requests come at random times and are drawn from recorded traffic.
 *
 * <p>The recordings in {@code src/test/resources/bake} are logs of a gateway v0.2.0 before a rack
 * that was slow and failed by chance: hardly ever in {@code good}, for one in twenty requests in
 * {@code errors}, and taking more than two seconds for one in twenty in {@code slow}.
 */
class BakeRatesTest {

  private static final int BAKES = 1_000;
  private static final double MOST = 0.01;
  private static final int STEP = 10;
  private static final int BEFORE = 900;
  private static final BakeLimits LIMITS =
      new BakeLimits(Duration.ofMinutes(10), 0.01, Duration.ofSeconds(2), 0);
  private static final Duration LIMIT = LIMITS.p99();

  /** Draws a request. */
  @FunctionalInterface
  interface Source {
    RequestRecord next(RandomGenerator random);
  }

  /**
   * What many bakes came to.
   *
   * @param failed the share that failed
   * @param median after how many seconds half of those that failed had ended
   */
  record Outcome(double failed, int median) {}

  @Test
  void goodTrafficHardlyEverFails() {
    Source good = recorded("good");

    assertThat(simulate(good, good, 1, BAKES, 1).failed()).isLessThanOrEqualTo(MOST);
  }

  @Test
  void oneServerErrorInTwentyRequestsHardlyEverPasses() {
    Outcome outcome = simulate(recorded("good"), recorded("errors"), 1, BAKES, 2);

    assertThat(outcome.failed()).isGreaterThanOrEqualTo(1 - MOST);
    assertThat(outcome.median()).as("and is found early").isLessThan(360);
  }

  @Test
  void oneSlowAnswerInTwentyHardlyEverPasses() {
    assertThat(simulate(recorded("good"), recorded("slow"), 1, BAKES, 3).failed())
        .isGreaterThanOrEqualTo(1 - MOST);
  }

  /** The version before had them as well. */
  @Test
  void badTrafficThatIsAsItWasBeforeHardlyEverFails() {
    Source errors = recorded("errors");
    Source slow = recorded("slow");

    assertThat(simulate(errors, errors, 1, BAKES, 4).failed()).isLessThanOrEqualTo(MOST);
    assertThat(simulate(slow, slow, 1, BAKES, 5).failed()).isLessThanOrEqualTo(MOST);
  }

  @Test
  void aRateExactlyAtTheLimitHardlyEverFails() {
    assertThat(simulate(failing(0.001), failing(0.01), 1, BAKES, 6).failed())
        .isLessThanOrEqualTo(MOST);
  }

  @Test
  void withFewRequestsLittleIsDecidedAndNothingWrongly() {
    Source good = recorded("good");

    assertThat(simulate(good, good, 0.05, BAKES, 7).failed()).isLessThanOrEqualTo(MOST);
  }

  /** Prints the table of docs/bake.md. */
  public static void main(String[] args) {
    System.out.println("| rate | 0.1 requests a second | 1 | 10 |");
    for (double rate : new double[] {0.001, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.1, 0.5}) {
      StringBuilder row = new StringBuilder("| " + Proportion.percent(rate) + " |");
      for (double perSecond : new double[] {0.1, 1, 10}) {
        Outcome outcome = simulate(failing(0.001), failing(rate), perSecond, 5_000, 42);
        row.append(
            " %.2f%%%s |"
                .formatted(
                    outcome.failed() * 100,
                    outcome.failed() < 0.01 ? "" : ", after " + outcome.median() + " s"));
      }
      System.out.println(row);
    }
  }

  static Outcome simulate(Source before, Source after, double perSecond, int bakes, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < bakes; i++) {
      Baseline baseline =
          new Baseline(
              Instant.EPOCH,
              Instant.EPOCH.plusSeconds(BEFORE),
              traffic(before, perSecond, BEFORE, random),
              Map.of());
      int end = bake(baseline, after, perSecond, random);
      if (end > 0) {
        ends.add(end);
      }
    }
    ends.sort(null);
    return new Outcome(
        (double) ends.size() / bakes, ends.isEmpty() ? 0 : ends.get(ends.size() / 2));
  }

  /** After how many seconds it failed; 0 when it passed. */
  private static int bake(
      Baseline baseline, Source after, double perSecond, RandomGenerator random) {
    Shares shares = new Shares(LIMITS, baseline, 3);
    int whole = (int) LIMITS.period().toSeconds();
    for (int second = STEP; second <= whole; second += STEP) {
      shares.look((double) second / whole, traffic(after, perSecond, STEP, random));
      if (shares.bad()) {
        return second;
      }
    }
    return 0;
  }

  /** Requests that come one independently of the other. */
  private static Traffic traffic(
      Source source, double perSecond, int seconds, RandomGenerator random) {
    TrafficTally tally = new TrafficTally(LIMIT, "/api/v1/health", true);
    double time = random.nextExponential() / perSecond;
    while (time < seconds) {
      tally.add(source.next(random));
      time += random.nextExponential() / perSecond;
    }
    return tally.traffic();
  }

  private static Source failing(double rate) {
    return random ->
        new RequestRecord(false, "/", random.nextDouble() < rate ? 502 : 200, 10, Instant.EPOCH);
  }

  private static Source recorded(String name) {
    List<RequestRecord> requests = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    BakeRatesTest.class.getResourceAsStream("/bake/" + name + ".log.gz")),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .map(RequestRecord::find)
          .flatMap(Optional::stream)
          .filter(record -> !record.audit())
          .forEach(requests::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(requests).as(name).hasSizeGreaterThan(1_000);
    return random -> requests.get(random.nextInt(requests.size()));
  }
}
