package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gateway answers well, several times in a row, on each of its addresses, with a certificate
 * that stays valid, and from inside as from outside. Waits for good answers, and gives up at once
 * when the platform says that an instance is dead.
 */
public final class HealthCheck implements CheckRunner {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
  private static final Duration ADDRESS_PATIENCE = Duration.ofSeconds(10);

  /** Asking a platform takes processor time that a gateway which is just starting needs itself. */
  private static final Duration ASK_PLATFORM = Duration.ofMillis(500);

  private final HttpGateway http;
  private final GatewayConfig gateway;
  private final VerifyConfig config;
  private final DeadInstance dead;
  private final Waits waits;
  private final HealthCall call;
  private final InsideHealth inside;

  public HealthCheck(
      HttpGateway http,
      GatewayConfig gateway,
      VerifyConfig config,
      DeployDriver driver,
      Waits waits) {
    this.http = http;
    this.gateway = gateway;
    this.config = config;
    this.dead = new DeadInstance(driver);
    this.waits = waits;
    HealthJudge judge = new HealthJudge(config.service());
    this.call = new HealthCall(judge, waits);
    this.inside = new InsideHealth(driver, gateway, judge, config.healthySuccesses());
  }

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Finding run(Expectation expectation) {
    HealthStreak streak = new HealthStreak(config.healthySuccesses());
    boolean good =
        waits.untilTrue(
            "good answers from " + http.address(gateway.healthPath()),
            config.timeout(),
            POLL,
            new Waits.Wakeup(),
            () -> look(streak));
    return good ? good(streak) : bad(streak);
  }

  private boolean look(HealthStreak streak) {
    HealthCall.Look look = call.ask(http, gateway.healthPath(), timeout(streak));
    streak.add(look, look.late() && timeout(streak).compareTo(LONGEST_ANSWER) < 0);
    if (!look.good() && streak.askPlatform(ASK_PLATFORM)) {
      dead.throwIfAny();
    }
    return streak.done();
  }

  private Duration timeout(HealthStreak streak) {
    Duration left = config.timeout().minus(streak.age());
    Duration atLeast = left.compareTo(POLL) < 0 ? POLL : left;
    return atLeast.compareTo(LONGEST_ANSWER) < 0 ? atLeast : LONGEST_ANSWER;
  }

  private Finding good(HealthStreak streak) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        streak.flapped() ? Finding.warn(streak.evidence()) : Finding.pass(streak.evidence()));
    Duration patience =
        config.timeout().compareTo(ADDRESS_PATIENCE) < 0 ? config.timeout() : ADDRESS_PATIENCE;
    new AddressHealth(http, gateway.healthPath(), call, waits)
        .check(patience)
        .ifPresent(findings::add);
    streak.certificate().map(certificates()::valid).ifPresent(findings::add);
    inside.besideGoodOutside().ifPresent(findings::add);
    return worst(findings);
  }

  private CertificateHealth certificates() {
    return new CertificateHealth(config.certificateDays(), waits.clock());
  }

  /** One finding of several: as bad as the worst, and all they say. */
  private static Finding worst(List<Finding> findings) {
    Verdict verdict = Verdict.PASS;
    List<String> evidence = new ArrayList<>();
    for (Finding finding : findings) {
      verdict = finding.verdict().compareTo(verdict) > 0 ? finding.verdict() : verdict;
      evidence.add(finding.evidence());
    }
    return new Finding(verdict, String.join("; ", evidence));
  }

  private Finding bad(HealthStreak streak) {
    StringBuilder evidence =
        new StringBuilder(http.address(gateway.healthPath()))
            .append(" did not give ")
            .append(HealthStreak.times(config.healthySuccesses()))
            .append(" within ")
            .append(NetworkFailure.seconds(config.timeout()))
            .append("; ")
            .append(streak.trouble());
    if (streak.tlsFailed()) {
      Optional<String> reason = certificates().refused(http);
      reason.ifPresent(text -> evidence.append("; ").append(text));
    }
    inside.besideBadOutside().ifPresent(text -> evidence.append("; ").append(text));
    return Finding.fail(evidence.toString());
  }
}
