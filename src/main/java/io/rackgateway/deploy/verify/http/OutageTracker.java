package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.verify.ProbeCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes outages of the outcomes of probes. Probes overlap, and a hanging one ends after later ones,
 * so each waits here for those that were sent before it. Thread-safe.
 */
final class OutageTracker {

  /** Beyond these, what a flapping gateway does is added to the last outage. */
  private static final int MOST_OUTAGES = 1_000;

  private final Duration interval;
  private final Events events;
  private final Deque<Probe> pending = new ArrayDeque<>();
  private final List<Downtime.Outage> outages = new ArrayList<>();
  private int probes;
  private int failed;
  private int bad;
  private @Nullable String lastProblem;
  private boolean answeredAtFirst;
  private @Nullable Probe down;
  private boolean closed;

  OutageTracker(Duration interval, Events events) {
    this.interval = interval;
    this.events = events;
  }

  /** One probe: when it was sent, and what came of it. */
  static final class Probe {
    private final Instant time;
    private final long sent;
    private boolean ended;
    private long endedAt;
    private @Nullable String problem;

    private Probe(Instant time, long sent) {
      this.time = time;
      this.sent = sent;
    }

    private Duration until(long nanos) {
      return Duration.ofNanos(nanos - sent);
    }

    private String reason() {
      return String.valueOf(problem);
    }
  }

  /** A probe is being sent. */
  synchronized Probe sent(Instant time, long nanos) {
    Probe probe = new Probe(time, nanos);
    pending.addLast(probe);
    return probe;
  }

  /**
   * A probe came to its end.
   *
   * @param problem what was wrong, null for a good answer
   */
  synchronized void ended(Probe probe, long nanos, @Nullable String problem) {
    probe.ended = true;
    probe.endedAt = nanos;
    probe.problem = problem;
    while (!closed && !pending.isEmpty() && pending.getFirst().ended) {
      count(pending.removeFirst());
    }
  }

  private void count(Probe probe) {
    boolean good = probe.problem == null;
    probes++;
    if (!good) {
      bad++;
      lastProblem = probe.problem;
    }
    if (probes == 1) {
      answeredAtFirst = good;
    }
    if (!answeredAtFirst) {
      return;
    }
    if (!good) {
      failed++;
      if (down == null) {
        down = probe;
        events.emit(new Event.GatewayDown(probe.reason()));
      }
      return;
    }
    Probe first = down;
    if (first != null) {
      down = null;
      Duration duration = first.until(probe.endedAt);
      add(new Downtime.Outage(first.time, duration, first.reason()));
      events.emit(new Event.GatewayUp(duration));
    }
  }

  /**
   * A probe that hangs and is answered in the end closes an outage after later ones have failed at
   * once: an outage that begins before the last one's end goes on with it.
   */
  private void add(Downtime.Outage outage) {
    if (!outages.isEmpty()) {
      Downtime.Outage last = outages.get(outages.size() - 1);
      Instant lastEnd = last.from().plus(last.duration());
      if (outage.from().isBefore(lastEnd)) {
        Instant end = outage.from().plus(outage.duration());
        Duration whole = Duration.between(last.from(), end.isAfter(lastEnd) ? end : lastEnd);
        outages.set(outages.size() - 1, new Downtime.Outage(last.from(), whole, last.reason()));
        return;
      }
    }
    if (outages.size() < MOST_OUTAGES) {
      outages.add(outage);
      return;
    }
    Downtime.Outage last = outages.get(MOST_OUTAGES - 1);
    outages.set(
        MOST_OUTAGES - 1,
        new Downtime.Outage(last.from(), last.duration().plus(outage.duration()), last.reason()));
  }

  /** What was seen until now; an outage that goes on counts until now. */
  synchronized Optional<Downtime> downtime(long nanos) {
    if (!answeredAtFirst) {
      return Optional.empty();
    }
    Probe first = down;
    if (first == null) {
      return Optional.of(new Downtime(probes, failed, outages, interval));
    }
    OutageTracker untilNow = new OutageTracker(interval, Events.none());
    untilNow.outages.addAll(outages);
    untilNow.add(new Downtime.Outage(first.time, first.until(nanos), first.reason()));
    return Optional.of(new Downtime(probes, failed, untilNow.outages, interval));
  }

  /** The probes whose outcome is known, and of all that were sent before them. */
  synchronized ProbeCount count() {
    return new ProbeCount(probes, bad, lastProblem);
  }

  /** Later outcomes no longer count. */
  synchronized void close() {
    closed = true;
  }
}
