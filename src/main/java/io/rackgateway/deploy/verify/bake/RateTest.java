package io.rackgateway.deploy.verify.bake;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Whether a share is greater than it may be: an exact one-sided test of a binomial proportion that
 * may be looked at again and again, and still calls a share that is no greater than it may be too
 * great with no more than a given probability.
 *
 * <p>It is a group sequential test. What each look may spend of the error probability follows the
 * power family of Kim and DeMets (Biometrika 74, 1987, pp. 149-154) with exponent 3, which is close
 * to the boundaries of O'Brien and Fleming: little at the beginning, most at the end. Spending by
 * elapsed time, with looks that were not laid down beforehand, is after Lan and DeMets (Biometrika
 * 70, 1983, pp. 659-663). Where the boundary of a look lies is computed from the exact distribution
 * of the count among the courses that have not ended before, by the recursion of Armitage,
 * McPherson and Rowe (Journal of the Royal Statistical Society A 132, 1969, pp. 235-244).
 */
final class RateTest {

  private static final double EXPONENT = 3;

  /** Less likely counts are left out; far less than any look may spend. */
  private static final double NEGLIGIBLE = 1e-20;

  private final double rate;
  private final double alpha;
  private long low;
  private double[] mass = {1};
  private double spent;
  private long trials;
  private long hits;

  /**
   * @param rate the greatest share that there may be
   * @param alpha how likely a share that is no greater may be called greater, over all looks
   */
  RateTest(double rate, double alpha) {
    this.rate = rate;
    this.alpha = alpha;
  }

  /**
   * Takes what came since the look before.
   *
   * @param elapsed how much of the time is over, from 0 to 1; never less than before
   * @return whether the share is greater than it may be
   */
  boolean look(double elapsed, long moreTrials, long moreHits) {
    trials += moreTrials;
    hits += moreHits;
    if (moreTrials > 0) {
      convolve((int) Math.min(moreTrials, Integer.MAX_VALUE));
    }
    double allowed = alpha * Math.pow(Math.min(1, elapsed), EXPONENT);
    int end = mass.length;
    double beyond = 0;
    while (end > 0 && spent + beyond + mass[end - 1] <= allowed) {
      end--;
      beyond += mass[end];
    }
    spent += beyond;
    mass = Arrays.copyOf(mass, end);
    return hits >= low + end;
  }

  long trials() {
    return trials;
  }

  long hits() {
    return hits;
  }

  /** The distribution of the count after further trials. */
  private void convolve(int more) {
    Counts added = Counts.of(more, rate);
    double[] next = new double[mass.length + added.mass.length - 1];
    for (int i = 0; i < added.mass.length; i++) {
      for (int j = 0; j < mass.length; j++) {
        next[i + j] += added.mass[i] * mass[j];
      }
    }
    low += added.low;
    mass = next;
    trim();
  }

  /** A binomial distribution, but for negligible counts. */
  private static final class Counts {
    private final int low;
    private final double[] mass;

    private Counts(int low, double[] mass) {
      this.low = low;
      this.mass = mass;
    }

    /** From the likeliest count outwards, each from the one beside it. */
    static Counts of(int trials, double rate) {
      int mode = (int) Math.min(trials, Math.floor((trials + 1.0) * rate));
      double odds = rate / (1 - rate);
      double likeliest = BinomialDistribution.of(trials, rate).probability(mode);
      int low = mode;
      for (double p = likeliest; low > 0; low--) {
        p *= low / ((trials - low + 1.0) * odds);
        if (p <= NEGLIGIBLE) {
          break;
        }
      }
      int high = mode;
      for (double p = likeliest; high < trials; high++) {
        p *= (trials - high) * odds / (high + 1.0);
        if (p <= NEGLIGIBLE) {
          break;
        }
      }
      double[] mass = new double[high - low + 1];
      mass[mode - low] = likeliest;
      for (int k = mode; k > low; k--) {
        mass[k - 1 - low] = mass[k - low] * k / ((trials - k + 1.0) * odds);
      }
      for (int k = mode; k < high; k++) {
        mass[k + 1 - low] = mass[k - low] * (trials - k) * odds / (k + 1.0);
      }
      return new Counts(low, mass);
    }
  }

  private void trim() {
    int first = 0;
    while (first < mass.length - 1 && mass[first] < NEGLIGIBLE) {
      first++;
    }
    int end = mass.length;
    while (end > first + 1 && mass[end - 1] < NEGLIGIBLE) {
      end--;
    }
    mass = Arrays.copyOfRange(mass, first, end);
    low += first;
  }
}
