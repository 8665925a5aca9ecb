package io.rackgateway.deploy.verify.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.config.HttpCheckConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.text.PlainText;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request of the user's own is answered as expected. Its headers are never told. */
public final class RequestCheck implements CheckRunner {

  private static final int SHOWN = 120;

  private final PatientRequest requests;
  private final HttpCheckConfig config;

  public RequestCheck(
      HttpGateway http,
      HttpCheckConfig check,
      VerifyConfig config,
      DeployDriver driver,
      Waits waits) {
    this.requests = new PatientRequest(http, config, driver, waits);
    this.config = check;
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public Finding run(Expectation expectation) {
    String what = config.method() + " " + requests.http().address(config.path());
    Request.Builder request = requests.http().request(config.path());
    try {
      config.headers().forEach(request::header);
    } catch (IllegalArgumentException e) {
      // Its message may hold the value.
      return Finding.fail(
          what
              + ": a header of verify.http '"
              + config.name()
              + "' cannot be sent: it holds a"
              + " character that no header may have");
    }
    boolean post = config.method() == HttpCheckConfig.Method.POST;
    request.method(config.method().name(), post ? RequestBody.create(new byte[0], null) : null);
    // What changes something is not asked twice; an error that is expected is final.
    boolean again = expectation.patient() && !post && config.status() < 500;
    PatientRequest.Outcome outcome = requests.send(what, request, config.latency(), again);
    Answer answer = outcome.answer();
    if (answer == null) {
      return Finding.fail(what + ": " + outcome.problem());
    }
    if (answer.status() != config.status()) {
      return Finding.fail(
          what
              + ": status "
              + answer.status()
              + (answer.location() == null ? "" : " (to " + answer.location() + ")")
              + ", expected "
              + config.status());
    }
    String pointer = config.json();
    if (pointer != null) {
      String problem = problem(answer, pointer);
      if (problem != null) {
        return Finding.fail(what + ": " + problem);
      }
    }
    return Finding.pass(
        what
            + ": status "
            + answer.status()
            + (pointer == null ? "" : ", " + pointer + " as expected")
            + ", after "
            + NetworkFailure.seconds(outcome.took()));
  }

  private @Nullable String problem(Answer answer, String pointer) {
    if (answer.json().isMissingNode()) {
      return "its answer is not JSON, which is to have " + pointer;
    }
    JsonNode value = answer.json().at(pointer);
    if (value.isMissingNode()) {
      return "its answer has no " + pointer;
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    String expected = config.expected();
    return expected == null || text.equals(expected)
        ? null
        : pointer + " is '" + PlainText.line(text, SHOWN) + "', expected '" + expected + "'";
  }
}
