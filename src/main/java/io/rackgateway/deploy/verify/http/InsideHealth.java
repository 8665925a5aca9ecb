package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The health of each instance as it is told beside it, where the platform can ask there: it tells a
 * fault of the gateway from one of the way to it.
 */
final class InsideHealth {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private final DeployDriver driver;
  private final GatewayConfig gateway;
  private final HealthJudge judge;
  private final int times;

  /**
   * @param times how often each instance is asked, while it answers well: a proxy that looks for
   *     good ones hides from outside that the health of one flaps
   */
  InsideHealth(DeployDriver driver, GatewayConfig gateway, HealthJudge judge, int times) {
    this.driver = driver;
    this.gateway = gateway;
    this.judge = judge;
    this.times = times;
  }

  private record Asked(int good, List<String> bad, List<String> silent) {}

  /** What is to be said where the answers from outside are good; empty where nobody can ask. */
  Optional<Finding> besideGoodOutside() {
    Asked asked = ask();
    if (!asked.bad().isEmpty()) {
      return Optional.of(
          Finding.fail(
              "but from inside "
                  + String.join(", ", asked.bad())
                  + ": a proxy hides a bad instance"));
    }
    if (!asked.silent().isEmpty()) {
      return Optional.of(
          Finding.warn(
              "from inside there is no answer: "
                  + String.join(", ", asked.silent())
                  + "; perhaps the gateway listens elsewhere than on PORT"));
    }
    return asked.good() == 0
        ? Optional.empty()
        : Optional.of(
            Finding.pass(
                asked.good() == 1 ? "good from inside" : asked.good() + " good from inside"));
  }

  /** What explains bad answers from outside; empty where nobody can ask. */
  Optional<String> besideBadOutside() {
    Asked asked = ask();
    List<String> bad = new ArrayList<>(asked.bad());
    bad.addAll(asked.silent());
    if (!bad.isEmpty()) {
      return Optional.of(
          "from inside, too ("
              + String.join(", ", bad)
              + ")"
              + (asked.good() == 0 ? ": the fault is the gateway's own" : ""));
    }
    return asked.good() == 0
        ? Optional.empty()
        : Optional.of(
            "from inside the gateway answers well: the fault is on the way to it (proxy, port, DNS,"
                + " firewall, TLS)");
  }

  private Asked ask() {
    Asked asked = askOnce();
    for (int time = 2; time <= times && asked.good() > 0 && asked.bad().isEmpty(); time++) {
      Asked again = askOnce();
      String flaps = " when asked the " + ordinal(time) + " time: its health flaps";
      asked =
          new Asked(
              again.good(),
              again.bad().stream().map(bad -> bad + flaps).toList(),
              asked.silent().isEmpty() ? again.silent() : asked.silent());
    }
    return asked;
  }

  private static String ordinal(int number) {
    return number == 2 ? "second" : number == 3 ? "third" : number + "th";
  }

  private Asked askOnce() {
    int good = 0;
    List<String> bad = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (InsideAnswer answer : driver.askInside(gateway.healthPath(), LONGEST_ANSWER)) {
      Optional<String> problem =
          answer.status() == 0
              ? Optional.of(String.valueOf(answer.problem()))
              : judge.problem(Answer.ofBody(answer.status(), answer.body()));
      if (problem.isEmpty()) {
        good++;
      } else {
        boolean says = answer.status() == 200 || answer.status() >= 500;
        (says ? bad : silent).add(answer.instance() + ": " + problem.get());
      }
    }
    return new Asked(good, bad, silent);
  }
}
