package io.rackgateway.deploy.verify.bake;

import java.math.BigDecimal;
import java.math.MathContext;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * So many of so many.
 *
 * @param hits how many it is of
 * @param trials how many there are
 */
record Proportion(long hits, long trials) {

  static final Proportion NONE = new Proportion(0, 0);

  /** The share; 0 of none. */
  double share() {
    return trials == 0 ? 0 : (double) hits / trials;
  }

  /**
   * The greatest share that these figures are still likely with: the upper end of the exact
   * one-sided interval of Clopper and Pearson (Biometrika 26, 1934, pp. 404-413).
   *
   * @param confidence how sure it is that the true share is no greater, such as 0.99
   */
  double upper(double confidence) {
    return hits >= trials
        ? 1
        : BetaDistribution.of(hits + 1.0, (double) (trials - hits))
            .inverseCumulativeProbability(confidence);
  }

  /** How likely at least so many hits are where the true share is this one. */
  double likelihoodOfMore(double share) {
    return hits == 0
        ? 1
        : BinomialDistribution.of(clamp(trials), share).survivalProbability(clamp(hits) - 1);
  }

  /**
   * How likely at least so many hits are by chance where both have the same share: Fisher's exact
   * test, one-sided.
   */
  double likelihoodBeside(Proportion other) {
    if (hits == 0 || other.trials == 0 || trials + other.trials > Integer.MAX_VALUE) {
      return 1;
    }
    return HypergeometricDistribution.of(
            clamp(trials + other.trials), clamp(hits + other.hits), clamp(trials))
        .survivalProbability(clamp(hits) - 1);
  }

  private static int clamp(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  /** {@code 1.3%}, with two digits that tell something. */
  static String percent(double share) {
    BigDecimal rounded = BigDecimal.valueOf(share * 100).round(new MathContext(2));
    return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + "%";
  }

  /** {@code 1.3% (7 of 540)}. */
  @Override
  public String toString() {
    return percent(share()) + " (" + hits + " of " + trials + ")";
  }
}
