package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Measures;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch.Baking;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One bake. The log is read in steps of a grid that is laid over the bake's time, each step once
 * and only when it is over: a bake that was killed, or whose log broke off, reads the steps that it
 * lacks and comes to what it would have come to.
 */
final class BakeRun {

  /** Lines of the last second may still be on their way. */
  private static final Duration LAG = Duration.ofSeconds(1);

  private static final Duration LONGEST_STEP = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final int STEPS = 60;
  private static final int MOST_STEPS = 360;
  private static final int SPREAD = 3;

  private final LogStretch log;
  private final Events events;
  private final Waits waits;
  private final Baking baking;
  private final List<PrometheusMeasure> prometheus;
  private final Duration poll;
  private final Instant start;
  private final Instant end;
  private final Duration step;
  private final Shares shares;
  private final Probes probes;
  private final ProbeCount countAtFirst;
  private Instant now;
  private ProbeCount probed = ProbeCount.NONE;
  private Instant read;
  private Instant again = Instant.MIN;
  private Instant asked = Instant.MIN;
  private Instant told = Instant.MIN;
  private @Nullable String brokenOff;

  BakeRun(
      LogStretch log,
      Events events,
      Waits waits,
      Baking baking,
      List<PrometheusMeasure> prometheus,
      Duration poll) {
    this.log = log;
    this.events = events;
    this.waits = waits;
    this.baking = baking;
    this.prometheus = List.copyOf(prometheus);
    this.poll = poll;
    Duration period = baking.limits().period();
    this.start = baking.since().truncatedTo(ChronoUnit.SECONDS);
    this.end = start.plus(period);
    this.step = step(period);
    this.now = waits.clock().instant();
    this.read = start;
    long steps = Math.max(1, period.dividedBy(step));
    this.shares = new Shares(baking.limits(), baking.before(), (int) Math.min(SPREAD, steps));
    this.probes = new Probes(baking.limits().healthFailures(), baking.probesBefore());
    this.countAtFirst = baking.probes().count();
  }

  /** Whole seconds: log lines may tell no less. */
  private static Duration step(Duration period) {
    long seconds = period.toSeconds();
    long fine = Math.max(1, Math.min(LONGEST_STEP.toSeconds(), seconds / STEPS));
    return Duration.ofSeconds(Math.max(fine, seconds / MOST_STEPS));
  }

  Bake run() {
    Bake earlier = baking.earlier();
    if (earlier != null) {
      tellGap(earlier);
    }
    Baseline before = baking.before();
    if (before != null) {
      prometheus.forEach(measure -> measure.askBefore(before.until()));
    }
    Duration left = Duration.between(now, end.plus(LAG));
    return waits
        .until(
            this::standing,
            (left.isNegative() ? Duration.ZERO : left).plus(GRACE),
            poll,
            new Waits.Wakeup(),
            this::look)
        .orElseGet(this::result);
  }

  private void tellGap(Bake earlier) {
    Duration gap = Duration.between(earlier.since().plus(earlier.duration()), now);
    if (gap.compareTo(step) > 0) {
      events.emit(
          new Event.Notice(
              "no health probe was sent for "
                  + NetworkFailure.seconds(gap.truncatedTo(ChronoUnit.SECONDS))
                  + " while the bake was interrupted; what the gateway logged meanwhile counts"));
    }
  }

  private String standing() {
    Traffic traffic = shares.total();
    return "the bake to end: "
        + traffic.requests()
        + " requests, "
        + traffic.serverErrors()
        + " server errors";
  }

  private Optional<Bake> look() {
    now = waits.clock().instant();
    probed = count();
    readSteps();
    if (!now.isBefore(asked.plus(LONGEST_STEP))) {
      asked = now;
      prometheus.forEach(this::ask);
    }
    boolean over = !now.isBefore(end.plus(LAG)) || bad();
    if (over || !now.isBefore(told.plus(LONGEST_STEP))) {
      told = now;
      tell();
    }
    return over ? Optional.of(result()) : Optional.empty();
  }

  private void ask(PrometheusMeasure measure) {
    measure
        .ask(now)
        .ifPresent(
            problem ->
                events.emit(
                    new Event.Notice(
                        "Prometheus at "
                            + measure.address()
                            + " does not tell the "
                            + measure.name()
                            + ": "
                            + problem
                            + "; the bake goes by the other measures until it does")));
  }

  private void readSteps() {
    if (now.isBefore(again)) {
      return;
    }
    while (read.isBefore(end) && !bad()) {
      Instant until = read.plus(step);
      if (until.isAfter(end)) {
        until = end;
      }
      if (now.isBefore(until.plus(LAG))) {
        return;
      }
      waits.cancellation().throwIfPending();
      if (!readStep(until)) {
        return;
      }
    }
  }

  private boolean readStep(Instant until) {
    Traffic traffic;
    try {
      traffic = log.read(read, until);
    } catch (DeployException.StepFailed e) {
      if (brokenOff == null) {
        events.emit(
            new Event.Notice("the log broke off and is read again: " + e.problem().summary()));
      }
      brokenOff = e.problem().summary();
      again = now.plus(step);
      return false;
    }
    if (brokenOff != null) {
      events.emit(new Event.Notice("the log is there again"));
      brokenOff = null;
    }
    read = until;
    double elapsed =
        (double) Duration.between(start, until).toSeconds()
            / Math.max(1, Duration.between(start, end).toSeconds());
    shares.look(elapsed, traffic);
    return true;
  }

  private boolean bad() {
    return shares.bad()
        || probes.bad(probed)
        || prometheus.stream().anyMatch(PrometheusMeasure::bad);
  }

  /** The probes of this process, and of one that was killed before. */
  private ProbeCount count() {
    ProbeCount here = baking.probes().count().since(countAtFirst);
    Bake earlier = baking.earlier();
    return earlier == null
        ? here
        : new ProbeCount(
            earlier.probes() + here.probes(), earlier.failures() + here.failures(), here.problem());
  }

  private void tell() {
    Bake standing = bake(Finding.skipped("not at its end"));
    Duration left = Duration.between(now, end);
    events.emit(
        new Event.BakeProgress(
            standing.duration(),
            left.isNegative() ? Duration.ZERO : left,
            standing.requests(),
            standing.serverErrors(),
            standing.p99(),
            standing.probes(),
            standing.failures()));
    baking.progress().accept(standing);
  }

  private Bake result() {
    List<Finding> findings = new ArrayList<>(shares.findings());
    findings.add(probes.finding(probed));
    prometheus.forEach(measure -> findings.add(measure.finding()));
    if (read.isBefore(end) && brokenOff != null) {
      findings.add(
          Finding.warn(
              "the log since "
                  + read
                  + " could not be read ("
                  + brokenOff
                  + "), and is not in these figures"));
    }
    return bake(Judgement.of(findings));
  }

  private Bake bake(Finding finding) {
    Measures traffic = Measures.of(shares.total());
    Baseline before = baking.before();
    Duration watched = Duration.between(baking.since(), now);
    boolean atEnd = finding.verdict() != Verdict.SKIPPED && watched.compareTo(period()) > 0;
    return new Bake(
        baking.limits(),
        baking.since(),
        atEnd ? period() : watched,
        traffic.requests(),
        traffic.serverErrors(),
        traffic.p99(),
        probed.probes(),
        probed.failures(),
        finding.verdict(),
        finding.evidence(),
        before == null ? null : Measures.of(before.traffic()));
  }

  private Duration period() {
    return baking.limits().period();
  }
}
