package io.rackgateway.deploy.verify.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.verify.http.OutageTracker.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTrackerTest {

  private static final Instant START = Instant.parse("2026-01-15T03:15:00Z");

  private final List<Event> events = new ArrayList<>();
  private final OutageTracker tracker = new OutageTracker(Duration.ofMillis(100), events::add);

  @Test
  void withoutABadAnswerThereIsNoOutage() {
    good(0, 3);
    good(100, 103);

    assertThat(downtime(200)).isEqualTo(new Downtime(2, 0, List.of(), Duration.ofMillis(100)));
    assertThat(events).isEmpty();
  }

  @Test
  void anOutageLastsFromSendingTheFirstBadProbeToTheNextGoodAnswer() {
    good(0, 3);
    bad(100, 101, "connection refused");
    bad(200, 201, "status 503");
    good(300, 305);

    assertThat(downtime(400).outages()).containsExactly(outage(100, 205, "connection refused"));
    assertThat(downtime(400).failed()).isEqualTo(2);
    assertThat(events)
        .containsExactly(
            new Event.GatewayDown("connection refused"),
            new Event.GatewayUp(Duration.ofMillis(205)));
  }

  @Test
  void anOutageThatGoesOnCountsUntilNow() {
    good(0, 3);
    bad(100, 101, "connection refused");

    assertThat(downtime(1_100).total()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aHangingProbeCountsFromWhenItWasSentAndUntilALaterOneIsAnswered() {
    good(0, 3);
    Probe hanging = sent(100);
    Probe alsoHanging = sent(200);
    Probe answered = sent(300);
    ended(answered, 304, null);
    assertThat(downtime(400).outages()).isEmpty();
    ended(hanging, 2_100, "no answer within 2.0 s");
    ended(alsoHanging, 2_200, "no answer within 2.0 s");

    assertThat(downtime(2_300).outages())
        .containsExactly(outage(100, 204, "no answer within 2.0 s"));
  }

  @Test
  void outagesThatOverlapAreOne() {
    good(0, 3);
    Probe down = sent(100);
    Probe hanging = sent(200);
    Probe refused = sent(1_000);
    Probe answered = sent(1_300);
    ended(refused, 1_001, "connection refused");
    ended(answered, 1_303, null);
    ended(hanging, 1_200, null);
    ended(down, 1_400, "connection reset");

    // Down at 100, up by the hanging one's answer at 1,200; down again at 1,000, up at 1,303.
    assertThat(downtime(2_000).outages()).containsExactly(outage(100, 1_203, "connection reset"));
    assertThat(downtime(2_000).total()).isEqualTo(Duration.ofMillis(1_203));
  }

  @Test
  void eachOutageIsListed() {
    good(0, 3);
    bad(100, 101, "one");
    good(200, 203);
    bad(300, 301, "two");
    good(400, 403);

    assertThat(downtime(500).outages())
        .containsExactly(outage(100, 103, "one"), outage(300, 103, "two"));
    assertThat(downtime(500).total()).isEqualTo(Duration.ofMillis(206));
  }

  @Test
  void nothingCanBeSaidOfAGatewayThatDidNotAnswerToBeginWith() {
    assertThat(tracker.downtime(0)).isEmpty();
    bad(0, 3, "connection refused");
    good(100, 103);
    bad(200, 203, "connection refused");

    assertThat(tracker.downtime(nanos(300))).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void aGatewayThatFlapsForeverTakesBoundedMemoryAndKeepsTheTotal() {
    good(0, 3);
    for (long i = 1; i <= 3_000; i++) {
      bad(i * 200, i * 200 + 1, "flap");
      good(i * 200 + 100, i * 200 + 100);
    }

    assertThat(downtime(700_000).outages()).hasSize(1_000);
    assertThat(downtime(700_000).total()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void whatComesAfterTheEndDoesNotCount() {
    good(0, 3);
    Probe late = sent(100);
    tracker.close();
    ended(late, 101, "cancelled");

    assertThat(downtime(200).failed()).isZero();
  }

  private void good(long sent, long ended) {
    ended(sent(sent), ended, null);
  }

  private void bad(long sent, long ended, String problem) {
    ended(sent(sent), ended, problem);
  }

  private Probe sent(long millis) {
    return tracker.sent(START.plusMillis(millis), nanos(millis));
  }

  private void ended(Probe probe, long millis, String problem) {
    tracker.ended(probe, nanos(millis), problem);
  }

  private Downtime downtime(long millis) {
    return tracker.downtime(nanos(millis)).orElseThrow();
  }

  private static Downtime.Outage outage(long from, long length, String reason) {
    return new Downtime.Outage(START.plusMillis(from), Duration.ofMillis(length), reason);
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }
}
