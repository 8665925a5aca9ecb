package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.ProbeCount;
import org.jspecify.annotations.Nullable;

/**
 * Health probes, of which so many may fail. Where some failed before the upgrade too, as over a bad
 * network, they must have failed more often than they can have then.
 */
final class Probes {

  private final int limit;
  private final @Nullable ProbeCount before;

  Probes(int limit, @Nullable ProbeCount before) {
    this.limit = limit;
    this.before = before;
  }

  boolean bad(ProbeCount now) {
    return now.failures() > limit && !asBefore(now);
  }

  private boolean asBefore(ProbeCount now) {
    if (before == null || before.failures() == 0) {
      return false;
    }
    double then = proportion(before).upper(1 - Share.ALPHA);
    return proportion(now).likelihoodOfMore(then) >= Share.ALPHA;
  }

  Finding finding(ProbeCount now) {
    if (now.probes() == 0) {
      return Finding.warn("no health probe was sent");
    }
    String told =
        now.failures()
            + " of "
            + now.probes()
            + " health probes failed, limit "
            + limit
            + (before == null || before.probes() == 0
                ? ""
                : ", before " + before.failures() + " of " + before.probes())
            + (now.problem() == null ? "" : " (" + now.problem() + ")");
    if (bad(now)) {
      return Finding.fail(told);
    }
    return now.failures() > limit
        ? Finding.warn(told + ": no more than before")
        : Finding.pass(told);
  }

  private static Proportion proportion(ProbeCount count) {
    return new Proportion(count.failures(), count.probes());
  }
}
