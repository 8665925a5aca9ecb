package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A figure that Prometheus tells. How many requests it is of is not told, so it is taken at its
 * word: it is too great when it was over the limit each time it was told over a while, and by half
 * as much again as before the upgrade where it was over the limit then, too. No answer is neither
 * good nor bad.
 */
final class PrometheusMeasure {

  private static final int FEWEST_TIMES = 3;
  private static final double WORSE = 1.5;

  private final Prometheus prometheus;
  private final String name;
  private final String expression;
  private final double limit;
  private final DoubleFunction<String> shown;
  private final Duration lasting;
  private @Nullable Double before;
  private @Nullable Double last;
  private @Nullable String problem;
  private @Nullable Instant overSince;
  private int timesOver;
  private int asked;
  private int answered;
  private boolean bad;

  /**
   * @param name what it is a figure of: {@code error rate}
   * @param shown the figure for people
   * @param lasting for how long it has to be over the limit
   */
  PrometheusMeasure(
      Prometheus prometheus,
      String name,
      String expression,
      double limit,
      DoubleFunction<String> shown,
      Duration lasting) {
    this.prometheus = prometheus;
    this.name = name;
    this.expression = expression;
    this.limit = limit;
    this.shown = shown;
    this.lasting = lasting;
  }

  /** Asks for the figure as it was before the upgrade. */
  void askBefore(Instant at) {
    before = prometheus.ask(expression, at).value();
  }

  /**
   * Asks for the figure as it is now.
   *
   * @return why there is none, where there was one the last time
   */
  Optional<String> ask(Instant now) {
    Prometheus.Answer answer = prometheus.ask(expression, null);
    boolean toldAlready = problem != null;
    asked++;
    problem = answer.problem();
    Double value = answer.value();
    if (value == null) {
      return toldAlready ? Optional.empty() : Optional.ofNullable(problem);
    }
    answered++;
    last = value;
    if (value <= most()) {
      overSince = null;
      timesOver = 0;
      return Optional.empty();
    }
    Instant since = overSince == null ? now : overSince;
    overSince = since;
    timesOver++;
    bad |= timesOver >= FEWEST_TIMES && !since.plus(lasting).isAfter(now);
    return Optional.empty();
  }

  private double most() {
    Double then = before;
    return then != null && then > limit ? then * WORSE : limit;
  }

  boolean bad() {
    return bad;
  }

  String name() {
    return name;
  }

  String address() {
    return prometheus.address();
  }

  Finding finding() {
    Double value = last;
    if (value == null) {
      return Finding.warn(
          "Prometheus did not tell the "
              + name
              + (problem == null ? "" : " (" + problem + ")")
              + ", so the other measures alone count");
    }
    Double then = before;
    String told =
        "Prometheus tells "
            + article()
            + name
            + " of "
            + shown.apply(value)
            + ", limit "
            + shown.apply(limit)
            + (then == null ? "" : ", before " + shown.apply(then))
            + (answered < asked ? "; it answered " + answered + " of " + asked + " times" : "");
    if (bad) {
      return Finding.fail(told);
    }
    if (value > limit) {
      return Finding.warn(told + (value <= most() ? ": as before" : ": not for long enough"));
    }
    return answered < asked ? Finding.warn(told) : Finding.pass(told);
  }

  private String article() {
    return name.startsWith("e") ? "an " : "a ";
  }
}
