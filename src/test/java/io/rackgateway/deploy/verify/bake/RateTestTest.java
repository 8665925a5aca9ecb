package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RateTestTest {

  private static final double ALPHA = 0.05;
  private static final int LOOKS = 60;

  /** With sixty looks of a test for one look, about a third would be called too great. */
  @Test
  void lookingAgainAndAgainDoesNotMakeAShareTooGreatThatIsNot() {
    assertThat(calledTooGreat(0.01, 5_000)).isBetween(0.0, ALPHA);
    assertThat(calledTooGreat(0.01, 5_000)).as("nor is it wasteful").isGreaterThan(ALPHA / 2);
  }

  private static double calledTooGreat(double share, int courses) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    int called = 0;
    for (int course = 0; course < courses; course++) {
      RateTest test = new RateTest(0.01, ALPHA);
      for (int look = 1; look <= LOOKS; look++) {
        int hits = 0;
        for (int i = 0; i < 10; i++) {
          hits += random.nextDouble() < share ? 1 : 0;
        }
        if (test.look((double) look / LOOKS, 10, hits)) {
          called++;
          break;
        }
      }
    }
    return (double) called / courses;
  }

  @Test
  void withOneLookItIsTheExactBinomialTest() {
    // P(X >= 12 | 600, 1%) = 0.0197, P(X >= 11) = 0.0413, P(X >= 10) = 0.0823
    assertThat(new RateTest(0.01, ALPHA).look(1, 600, 10)).isFalse();
    assertThat(new RateTest(0.01, ALPHA).look(1, 600, 11)).isTrue();
  }

  @Test
  void atTheBeginningItTakesFarMoreThanAtTheEnd() {
    assertThat(new RateTest(0.01, ALPHA).look(0.01, 600, 11)).isFalse();
    assertThat(new RateTest(0.01, ALPHA).look(0.01, 600, 40)).isTrue();
  }

  @Test
  void whereNoneIsAllowedOneIsTooMany() {
    RateTest test = new RateTest(0, ALPHA);

    assertThat(test.look(0.1, 1_000, 0)).isFalse();
    assertThat(test.look(0.2, 1_000, 1)).isTrue();
  }

  @Test
  void whereAllAreAllowedNoneAreTooMany() {
    assertThat(new RateTest(1, ALPHA).look(1, 100, 100)).isFalse();
  }

  @Test
  void aLookWithoutAnythingNewChangesNothing() {
    RateTest test = new RateTest(0.01, ALPHA);

    assertThat(test.look(0.5, 0, 0)).isFalse();
    assertThat(test.look(1, 600, 11)).isTrue();
  }

  @Test
  void aMillionRequestsALookAreCountedAsWell() {
    RateTest test = new RateTest(0.01, ALPHA);
    for (int look = 1; look <= 10; look++) {
      assertThat(test.look(look / 10.0, 1_000_000, 10_000)).isFalse();
    }
    RateTest bad = new RateTest(0.01, ALPHA);
    assertThat(bad.look(0.1, 1_000_000, 11_000)).isTrue();
  }
}
