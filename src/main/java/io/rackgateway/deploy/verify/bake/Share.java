package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.verify.CheckRunner.Finding;
import org.jspecify.annotations.Nullable;

/**
 * A share of requests that has a limit, such as that of server errors. It is too great when it is
 * greater than the limit by {@link RateTest}; where the version before was over the limit already,
 * when it is greater than that version's share can have been.
 */
final class Share {

  /** How likely a share that is as it may be is called too great. */
  static final double ALPHA = 0.0025;

  /** Of fewer requests nothing is said. */
  static final int FEWEST = 20;

  /** A share this many times the limit is what a bake has to find. */
  static final double BAD = 5;

  private static final double SURE = 0.99;

  private final String what;
  private final double limit;
  private final @Nullable Proportion before;
  private final int spread;
  private final double most;
  private final RateTest test;
  private boolean beyond;
  private int looksWithHits;

  /**
   * @param what what requests it counts: {@code answered with a server error}
   * @param before the share before the upgrade; null where it is not known
   * @param spread in how many looks at least there must have been some: what happened in one moment
   *     says little of the version
   */
  Share(String what, double limit, @Nullable Proportion before, int spread) {
    this.what = what;
    this.limit = limit;
    this.before = before;
    this.spread = spread;
    this.most = most(limit, before);
    this.test = new RateTest(most, ALPHA);
  }

  /** What the version before had anyway is not held against this one. */
  private static double most(double limit, @Nullable Proportion before) {
    if (before == null || before.share() <= limit || before.trials() * limit < 1) {
      return limit;
    }
    return Math.max(limit, before.upper(1 - ALPHA));
  }

  /** Takes what came since the look before; {@link RateTest#look}. */
  void look(double elapsed, long requests, long hits) {
    beyond = test.look(elapsed, requests, hits);
    if (hits > 0) {
      looksWithHits++;
    }
  }

  /** Whether it is too great beyond reasonable doubt. */
  boolean bad() {
    return beyond && test.trials() >= FEWEST && looksWithHits >= spread;
  }

  /** What there is to say of it. */
  Finding finding() {
    Proportion now = new Proportion(test.hits(), test.trials());
    String told = now + " " + what + ", limit " + Proportion.percent(limit) + before();
    if (bad()) {
      return Finding.fail(told);
    }
    if (now.trials() == 0) {
      return Finding.warn("no request was seen whose share " + what + " could be told");
    }
    if (now.share() > limit) {
      return Finding.warn(
          told
              + (most > limit
                  ? ": over the limit, but no more than before"
                  : ": over the limit, which may be chance"));
    }
    double upper = now.upper(SURE);
    if (upper > Math.min(BAD * limit, 0.5)) {
      return Finding.warn(
          told + ": too few to rule out a share of up to " + Proportion.percent(upper));
    }
    if (before != null && now.likelihoodBeside(before) < ALPHA) {
      return Finding.warn(told + ": within the limit, but more than before");
    }
    return Finding.pass(told);
  }

  private String before() {
    return before == null || before.trials() == 0 ? "" : ", before " + before;
  }
}
