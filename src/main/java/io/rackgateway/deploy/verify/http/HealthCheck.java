package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The gateway answers well, several times in a row. Waits for that, and gives up at once when the
 * platform says that an instance is dead.
 */
public final class HealthCheck implements CheckRunner {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** Asking a platform takes processor time that a gateway which is just starting needs itself. */
  private static final Duration ASK_PLATFORM = Duration.ofMillis(500);

  private final HttpGateway http;
  private final GatewayConfig gateway;
  private final VerifyConfig config;
  private final DeadInstance dead;
  private final Waits waits;
  private final HealthJudge judge;

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
    this.judge = new HealthJudge(config.service());
  }

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Finding run(Expectation expectation) {
    Streak streak = new Streak(System.nanoTime());
    String address = http.address(gateway.healthPath());
    Optional<Finding> good =
        waits.until(
            "good answers from " + address,
            config.timeout(),
            POLL,
            new Waits.Wakeup(),
            () -> look(streak));
    return good.orElseGet(
        () ->
            Finding.fail(
                address
                    + " did not give "
                    + times(config.healthySuccesses())
                    + " within "
                    + NetworkFailure.seconds(config.timeout())
                    + "; the last bad answer: "
                    + (streak.problem == null ? "none, but there were too few" : streak.problem)));
  }

  /** What the answers so far came to. */
  private static final class Streak {
    private final long start;
    private int good;
    private Duration slowest = Duration.ZERO;
    private @Nullable String problem;
    private long platformAsked;

    Streak(long start) {
      this.start = start;
      this.platformAsked = start - ASK_PLATFORM.toNanos();
    }
  }

  private Optional<Finding> look(Streak streak) {
    long sent = System.nanoTime();
    String problem = ask(timeout(streak), streak.problem);
    if (problem != null) {
      streak.good = 0;
      streak.slowest = Duration.ZERO;
      streak.problem = problem;
      if (Waits.since(streak.platformAsked).compareTo(ASK_PLATFORM) >= 0) {
        dead.throwIfAny();
        streak.platformAsked = System.nanoTime();
      }
      return Optional.empty();
    }
    Duration took = Waits.since(sent);
    streak.good++;
    streak.slowest = streak.slowest.compareTo(took) < 0 ? took : streak.slowest;
    return streak.good < config.healthySuccesses()
        ? Optional.empty()
        : Optional.of(
            Finding.pass(
                times(streak.good) + ", the slowest after " + streak.slowest.toMillis() + " ms"));
  }

  private Duration timeout(Streak streak) {
    Duration left = config.timeout().minus(Waits.since(streak.start));
    Duration atLeast = left.compareTo(POLL) < 0 ? POLL : left;
    return atLeast.compareTo(LONGEST_ANSWER) < 0 ? atLeast : LONGEST_ANSWER;
  }

  /**
   * What is wrong with the next answer; null when it is good.
   *
   * @param before what was wrong with an answer before, which tells more than one that was given
   *     too little time because the check's own is over
   */
  private @Nullable String ask(Duration timeout, @Nullable String before) {
    Call call = http.get(gateway.healthPath(), timeout);
    Cancellation.Registration registration = waits.cancellation().onRequest(call::cancel);
    try (Response response = call.execute()) {
      return judge.problem(Answer.of(response)).orElse(null);
    } catch (IOException e) {
      waits.cancellation().throwIfPending();
      boolean cutShort =
          e instanceof InterruptedIOException && timeout.compareTo(LONGEST_ANSWER) < 0;
      if (cutShort && before != null) {
        return before;
      }
      return NetworkFailure.describe(e, timeout);
    } finally {
      registration.close();
    }
  }

  private static String times(int number) {
    return number == 1 ? "1 good answer" : number + " good answers in a row";
  }
}
