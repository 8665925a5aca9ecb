package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gateway something. No answer at all, or a server error, is asked again for a while,
 * unless the platform says that an instance is dead: a proxy may still be looking for the new
 * instances.
 */
final class PatientRequest {

  private static final long LONGEST_BODY = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(250);

  /**
   * What came of it.
   *
   * @param answer the last one; null when there was none
   * @param problem why there was none; null when there was one
   * @param took how long the answer took
   */
  record Outcome(@Nullable Answer answer, @Nullable String problem, Duration took) {}

  private final HttpGateway http;
  private final DeadInstance dead;
  private final Duration patience;
  private final Waits waits;

  PatientRequest(HttpGateway http, VerifyConfig config, DeployDriver driver, Waits waits) {
    this.http = http;
    this.dead = new DeadInstance(driver);
    this.patience = config.timeout().compareTo(PATIENCE) < 0 ? config.timeout() : PATIENCE;
    this.waits = waits;
  }

  HttpGateway http() {
    return http;
  }

  /**
   * Asks.
   *
   * @param limit how long an answer may take
   * @param again whether it may be asked more than once
   */
  Outcome send(String what, Request.Builder request, Duration limit, boolean again) {
    Last last = new Last();
    waits.until(
        what,
        again ? patience : Duration.ZERO,
        POLL,
        new Waits.Wakeup(),
        () -> {
          last.outcome = once(request, limit);
          Answer answer = last.outcome.answer();
          if (answer == null && again) {
            dead.throwIfAny();
          }
          return answer == null || answer.status() >= 500 ? Optional.empty() : Optional.of(answer);
        });
    return last.outcome;
  }

  private static final class Last {
    private Outcome outcome = new Outcome(null, "no answer", Duration.ZERO);
  }

  private Outcome once(Request.Builder request, Duration limit) {
    long start = System.nanoTime();
    Call call = http.send(request, limit);
    Cancellation.Registration registration = waits.cancellation().onRequest(call::cancel);
    try (Response response = call.execute()) {
      Answer answer = Answer.of(response, LONGEST_BODY);
      return new Outcome(answer, null, Waits.since(start));
    } catch (IOException e) {
      waits.cancellation().throwIfPending();
      return new Outcome(null, NetworkFailure.describe(e, limit), Waits.since(start));
    } finally {
      registration.close();
    }
  }
}
