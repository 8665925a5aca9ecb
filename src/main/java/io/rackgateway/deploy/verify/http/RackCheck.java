package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.RackReadConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;

/**
 * The rack can be read through the gateway, which is the way that deployments take. Nothing is
 * deployed.
 */
public final class RackCheck implements CheckRunner {

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);

  private final PatientRequest requests;
  private final GatewayConfig gateway;
  private final RackReadConfig config;

  public RackCheck(
      HttpGateway http,
      GatewayConfig gateway,
      VerifyConfig config,
      DeployDriver driver,
      Waits waits) {
    this.requests = new PatientRequest(http, config, driver, waits);
    this.gateway = gateway;
    this.config = config.rack();
  }

  @Override
  public String name() {
    return "rack";
  }

  @Override
  public Finding run(Expectation expectation) {
    Secret token = gateway.apiToken();
    if (token == null) {
      return Finding.skipped(
          "gateway.apiToken is not configured, and the gateway lets bearers of a token only through"
              + " to the rack");
    }
    String address = requests.http().address(config.path());
    PatientRequest.Outcome outcome =
        requests.send(
            "the rack through " + address,
            requests
                .http()
                .request(config.path())
                .header("Authorization", "Bearer " + token.value()),
            LONGEST_ANSWER,
            expectation.patient());
    Answer answer = outcome.answer();
    if (answer == null) {
      return Finding.fail(address + ": " + outcome.problem());
    }
    return switch (answer.status()) {
      case 200 ->
          answer.json().isContainerNode()
              ? Finding.pass(
                  "the rack answers through the gateway, after "
                      + outcome.took().toMillis()
                      + " ms")
              : Finding.fail(address + ": " + answer.notJson());
      case 401 ->
          Finding.fail(
              "the gateway does not know the token in gateway.apiToken: " + answer.statusProblem());
      case 403 ->
          Finding.fail(
              "the token in gateway.apiToken may not read the rack ("
                  + config.path()
                  + "): "
                  + answer.statusProblem());
      case 502, 503, 504 ->
          Finding.fail(
              "the gateway is up, but does not reach the rack: "
                  + answer.statusProblem()
                  + "; check its RACK_HOST and RACK_TOKEN, and the rack itself");
      default -> Finding.fail(address + ": " + answer.statusProblem());
    };
  }
}
