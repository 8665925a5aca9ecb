package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Response;

/**
 * The gateway itself says that it is the expected version. It tells that to bearers of a token
 * only. No answer at all, or a server error, is asked again for a while, unless the platform says
 * that an instance is dead; anything else is final.
 */
public final class VersionCheck implements CheckRunner {

  private static final String PATH = "/api/v1/info";
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(250);

  private final HttpGateway http;
  private final GatewayConfig gateway;
  private final DeadInstance dead;
  private final Duration patience;
  private final Waits waits;

  public VersionCheck(
      HttpGateway http,
      GatewayConfig gateway,
      VerifyConfig config,
      DeployDriver driver,
      Waits waits) {
    this.http = http;
    this.gateway = gateway;
    this.dead = new DeadInstance(driver);
    this.patience = config.timeout().compareTo(PATIENCE) < 0 ? config.timeout() : PATIENCE;
    this.waits = waits;
  }

  @Override
  public String name() {
    return "version";
  }

  @Override
  public Finding run(Expectation expectation) {
    Secret token = gateway.apiToken();
    if (token == null) {
      return Finding.skipped(
          "gateway.apiToken is not configured, and the gateway tells its version to bearers of a"
              + " token only");
    }
    String address = http.address(PATH);
    AtomicReference<String> problem = new AtomicReference<>("no answer");
    return waits
        .until(
            "the version from " + address,
            expectation.patient() ? patience : Duration.ZERO,
            POLL,
            new Waits.Wakeup(),
            () -> ask(token, expectation.version(), problem))
        .orElseGet(() -> Finding.fail(address + ": " + problem.get()));
  }

  private Optional<Finding> ask(Secret token, Version expected, AtomicReference<String> problem) {
    Call call = http.getWithToken(PATH, token.value(), LONGEST_ANSWER);
    Cancellation.Registration registration = waits.cancellation().onRequest(call::cancel);
    try (Response response = call.execute()) {
      Answer answer = Answer.of(response);
      if (answer.status() >= 500) {
        problem.set(answer.statusProblem());
        return Optional.empty();
      }
      return Optional.of(judge(answer, expected));
    } catch (IOException e) {
      waits.cancellation().throwIfPending();
      problem.set(NetworkFailure.describe(e, LONGEST_ANSWER));
      dead.throwIfAny();
      return Optional.empty();
    } finally {
      registration.close();
    }
  }

  private Finding judge(Answer answer, Version expected) {
    String address = http.address(PATH);
    if (answer.status() == 401 || answer.status() == 403) {
      return Finding.fail(
          "the gateway refused the token in gateway.apiToken: " + answer.statusProblem());
    }
    if (answer.status() != 200) {
      return Finding.fail(address + ": " + answer.statusProblem());
    }
    if (!answer.json().isObject()) {
      return Finding.fail(address + ": " + answer.notJson());
    }
    String told = answer.json().at("/version/version").asText("");
    if (told.isEmpty()) {
      return Finding.fail(address + " tells no version");
    }
    if (told.equals("dev")) {
      return Finding.warn("the gateway says that it was built from source ('dev'), of no version");
    }
    Optional<Version> version = Version.tryParse(told);
    return version.filter(expected::equals).isPresent()
        ? Finding.pass("the gateway says that it is " + expected)
        : Finding.fail(
            "the gateway says that it is "
                + version.map(Version::tag).orElse("'" + told + "'")
                + ", expected "
                + expected);
  }
}
