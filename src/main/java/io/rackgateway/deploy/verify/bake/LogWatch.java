package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.config.BakeConfig;
import io.rackgateway.deploy.config.BakeConfig.PrometheusConfig;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.Watch;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Watches a gateway by its own log, health probes and, where configured, Prometheus. */
public final class LogWatch implements Watch {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_BEFORE = Duration.ofHours(1);
  private static final Duration LASTING = Duration.ofMinutes(1);
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final DeployDriver driver;
  private final Configuration configuration;
  private final Supplier<ErrorCounter> errors;
  private final OkHttpClient http;
  private final Events events;
  private final Waits waits;
  private final Duration poll;

  /**
   * @param errors a new counter of the errors before a run
   * @param http asks Prometheus
   */
  public LogWatch(
      DeployDriver driver,
      Configuration configuration,
      Supplier<ErrorCounter> errors,
      OkHttpClient http,
      Events events,
      Waits waits) {
    this(driver, configuration, errors, http, events, waits, POLL);
  }

  LogWatch(
      DeployDriver driver,
      Configuration configuration,
      Supplier<ErrorCounter> errors,
      OkHttpClient http,
      Events events,
      Waits waits,
      Duration poll) {
    this.driver = driver;
    this.configuration = configuration;
    this.errors = errors;
    this.http = http;
    this.events = events;
    this.waits = waits;
    this.poll = poll;
  }

  @Override
  public Optional<BakeLimits> limits() {
    return Optional.ofNullable(configuration.bake())
        .map(
            bake ->
                new BakeLimits(
                    bake.period(),
                    bake.errorRate().fraction().doubleValue(),
                    bake.p99(),
                    bake.healthFailures()));
  }

  /** Traffic at least as long as the bake, so that both say about as much. */
  @Override
  public Baseline before(Instant until) {
    Duration compared = configuration.verify().logCompare();
    Duration period = limits().map(BakeLimits::period).orElse(Duration.ZERO);
    Duration bounded = period.compareTo(LONGEST_BEFORE) > 0 ? LONGEST_BEFORE : period;
    Duration length = bounded.compareTo(compared) > 0 ? bounded : compared;
    return new BaselineReading(driver, events, waits.cancellation())
        .read(
            until.minus(length),
            until.minus(compared),
            until,
            new TrafficTally(limits().map(BakeLimits::p99).orElse(SLOW), healthPath(), false),
            errors.get());
  }

  @Override
  public Bake bake(Baking baking) {
    BakeLimits limits = baking.limits();
    return new BakeRun(stretch(limits), events, waits, baking, prometheus(limits), poll).run();
  }

  @Override
  public Look look(Looking looking) {
    return new LookTaking(stretch(looking.limits())).take(looking, waits.clock().instant());
  }

  private LogStretch stretch(BakeLimits limits) {
    return new LogStretch(driver, limits.p99(), healthPath());
  }

  private String healthPath() {
    return configuration.gateway().healthPath();
  }

  private List<PrometheusMeasure> prometheus(BakeLimits limits) {
    BakeConfig bake = configuration.bake();
    @Nullable PrometheusConfig config = bake == null ? null : bake.prometheus();
    List<PrometheusMeasure> measures = new ArrayList<>();
    if (config == null) {
      return measures;
    }
    Prometheus prometheus = new Prometheus(http, config, waits.cancellation(), ANSWER);
    Duration third = limits.period().dividedBy(3);
    Duration lasting = third.compareTo(LASTING) < 0 ? third : LASTING;
    String errorRate = config.errorRate();
    if (errorRate != null) {
      measures.add(
          new PrometheusMeasure(
              prometheus,
              "error rate",
              errorRate,
              limits.errorRate(),
              Proportion::percent,
              lasting));
    }
    String p99 = config.p99();
    if (p99 != null) {
      double limit = limits.p99().toMillis() / 1000.0;
      measures.add(
          new PrometheusMeasure(prometheus, "p99", p99, limit, LogWatch::seconds, lasting));
    }
    return measures;
  }

  private static String seconds(double value) {
    long millis = BigDecimal.valueOf(value * 1000).round(new MathContext(3)).longValue();
    return NetworkFailure.seconds(Duration.ofMillis(millis));
  }
}
