package io.rackgateway.deploy.verify.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.ProbeConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.Expectations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpAvailabilityProbeTest {

  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private MoodyGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = new MoodyGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aGatewayThatAlwaysAnswersWasNeverDown() {
    try (Measurement measurement = measure(Duration.ofSeconds(10))) {
      await(() -> probes(measurement) >= 10);

      assertThat(measurement.downtime().orElseThrow().outages()).isEmpty();
      assertThat(measurement.downtime().orElseThrow().interval()).isEqualTo(INTERVAL);
    }
    assertThat(events).isEmpty();
  }

  @Test
  void aRestartIsOneOutageOfAboutItsLength() throws IOException {
    try (Measurement measurement = measure(Duration.ofSeconds(10))) {
      await(() -> probes(measurement) >= 3);
      long before = System.nanoTime();
      gateway.stop();
      await(() -> down(measurement).failed() >= 5);
      long stopped = System.nanoTime();
      gateway.restart();
      await(() -> events.stream().anyMatch(Event.GatewayUp.class::isInstance));
      Duration atMost = Waits.since(before);

      Downtime downtime = down(measurement);
      assertThat(downtime.outages()).hasSize(1);
      // The first failing probe came at most one interval (and a busy machine's delay) late.
      assertThat(downtime.total())
          .isLessThanOrEqualTo(atMost)
          .isGreaterThan(Duration.ofNanos(stopped - before).dividedBy(3));
      assertThat(downtime.outages().get(0).reason())
          .matches("connection refused|the connection was closed before the answer was complete");
    }
    assertThat(events).hasExactlyElementsOfTypes(Event.GatewayDown.class, Event.GatewayUp.class);
  }

  /** One that is kept open would die with the server and look like an outage. */
  @Test
  void everyProbeComesOnAConnectionOfItsOwn() {
    List<Integer> ports = new CopyOnWriteArrayList<>();
    gateway.mood =
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          MoodyGateway.json(200, MoodyGateway.HEALTHY).answer(exchange);
        };
    try (Measurement measurement = measure(Duration.ofSeconds(10))) {
      await(() -> probes(measurement) >= 5);
    }

    assertThat(ports).doesNotHaveDuplicates();
  }

  @Test
  void aHangingGatewayIsNoticedToBeBackBeforeItsHangingProbesTimeOut() {
    CountDownLatch hanging = new CountDownLatch(1);
    Duration timeout = Duration.ofSeconds(3);
    try (Measurement measurement = measure(Duration.ofMillis(100), timeout)) {
      await(() -> probes(measurement) >= 2);
      AtomicInteger hung = new AtomicInteger();
      gateway.mood =
          exchange -> {
            hung.incrementAndGet();
            MoodyGateway.hang(hanging).answer(exchange);
          };
      await(() -> hung.get() >= 3);
      gateway.mood = MoodyGateway.json(200, MoodyGateway.HEALTHY);
      await(() -> events.stream().anyMatch(Event.GatewayUp.class::isInstance));

      assertThat(down(measurement).total()).isLessThan(timeout);
      assertThat(down(measurement).outages().get(0).reason())
          .isEqualTo("no complete answer within 3 s");
    } finally {
      hanging.countDown();
    }
  }

  @Test
  void probesOfAHangingGatewayDoNotPileUp() {
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    // Without a bound 6,000 requests would hang at once.
    try (Measurement measurement = measure(Duration.ofMillis(10), Duration.ofMinutes(1))) {
      await(() -> probes(measurement) >= 1);
      gateway.mood =
          exchange -> {
            atOnce.incrementAndGet();
            MoodyGateway.hang(hanging).answer(exchange);
          };
      await(() -> atOnce.get() >= 64);
      boolean more =
          waits()
              .untilTrue(
                  "more",
                  Duration.ofMillis(300),
                  Duration.ofMillis(20),
                  new Waits.Wakeup(),
                  () -> atOnce.get() > 64);
      assertThat(more).isFalse();
    } finally {
      hanging.countDown();
    }
  }

  @Test
  void nothingIsSaidOfAGatewayThatDidNotAnswerToBeginWith() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    gateway.mood =
        exchange ->
            (asked.incrementAndGet() == 1
                    ? MoodyGateway.json(503, "{}")
                    : MoodyGateway.json(200, MoodyGateway.HEALTHY))
                .answer(exchange);
    try (Measurement measurement = measure(Duration.ofSeconds(10))) {
      await(() -> asked.get() >= 10);

      assertThat(measurement.downtime()).isEmpty();
    }
    assertThat(events).isEmpty();
  }

  @Test
  void itEndsPromptlyAndTwiceIsNoError() {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    gateway.mood =
        exchange -> {
          asked.countDown();
          MoodyGateway.hang(hanging).answer(exchange);
        };
    Measurement measurement = measure(Duration.ofMinutes(1));
    await(() -> asked.getCount() == 0);

    long start = System.nanoTime();
    measurement.close();
    measurement.close();

    assertThat(Waits.since(start)).isLessThan(Duration.ofSeconds(2));
    hanging.countDown();
  }

  private Measurement measure(Duration timeout) {
    return measure(INTERVAL, timeout);
  }

  private Measurement measure(Duration interval, Duration timeout) {
    return new HttpAvailabilityProbe(
            gateway.client(),
            gateway.config(),
            Expectations.config(Duration.ofSeconds(1)),
            new ProbeConfig(true, interval, timeout),
            Clock.systemUTC(),
            events::add)
        .start();
  }

  private static int probes(Measurement measurement) {
    return measurement.downtime().map(Downtime::probes).orElse(0);
  }

  private static Downtime down(Measurement measurement) {
    return measurement.downtime().orElseThrow();
  }

  private static void await(Supplier<Boolean> condition) {
    assertThat(
            waits()
                .untilTrue(
                    "test",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(2),
                    new Waits.Wakeup(),
                    condition))
        .isTrue();
  }

  private static Waits waits() {
    return new Waits(Clock.systemUTC(), new Cancellation(), Events.none());
  }
}
