package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.ProbeConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.ProbeCount;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A measurement under way: one thread keeps the beat, the probes run beside it. */
final class HttpMeasurement implements AvailabilityProbe.Measurement {

  /** Never more at once, however long the timeout is compared with the interval. */
  private static final int MOST_AT_ONCE = 64;

  private static final ThreadFactory DAEMONS =
      task -> {
        Thread thread = new Thread(task, "availability-probe");
        thread.setDaemon(true);
        return thread;
      };

  private final HttpGateway http;
  private final String path;
  private final HealthJudge judge;
  private final ProbeConfig config;
  private final Clock clock;
  private final OutageTracker tracker;
  private final int mostAtOnce;
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor(DAEMONS);
  private final ExecutorService workers = Executors.newCachedThreadPool(DAEMONS);
  private long lastBeat;

  HttpMeasurement(
      HttpGateway http,
      String path,
      HealthJudge judge,
      ProbeConfig config,
      Clock clock,
      Events events) {
    this.http = http;
    this.path = path;
    this.judge = judge;
    this.config = config;
    this.clock = clock;
    this.tracker = new OutageTracker(config.interval(), events);
    long interval = Math.max(1, config.interval().toNanos());
    this.mostAtOnce = (int) Math.min(MOST_AT_ONCE, config.timeout().toNanos() / interval + 2);
    this.lastBeat = System.nanoTime() - interval;
    var unused = beat.scheduleAtFixedRate(this::send, 0, interval, TimeUnit.NANOSECONDS);
  }

  private void send() {
    long now = System.nanoTime();
    // After this process was stopped for a while the scheduler would catch up all at once.
    boolean catchingUp = now - lastBeat < config.interval().toNanos() / 2;
    if (catchingUp || underWay.size() >= mostAtOnce) {
      return;
    }
    lastBeat = now;
    Call call = http.get(path, config.timeout());
    underWay.add(call);
    OutageTracker.Probe probe = tracker.sent(clock.instant(), now);
    workers.execute(
        () -> {
          String problem = ask(call);
          tracker.ended(probe, System.nanoTime(), problem);
          underWay.remove(call);
        });
  }

  /** What is wrong with the answer; null when it is good. */
  private @Nullable String ask(Call call) {
    try (Response response = call.execute()) {
      return judge.problem(Answer.of(response)).orElse(null);
    } catch (IOException e) {
      return NetworkFailure.describe(e, config.timeout());
    } catch (RuntimeException e) {
      // A probe that broke must not end the measurement without a trace.
      return "the probe itself broke: " + e;
    }
  }

  @Override
  public Optional<Downtime> downtime() {
    return tracker.downtime(System.nanoTime());
  }

  @Override
  public ProbeCount count() {
    return tracker.count();
  }

  @Override
  public void close() {
    tracker.close();
    beat.shutdownNow();
    workers.shutdown();
    underWay.forEach(Call::cancel);
  }
}
