package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;
import okhttp3.Request;
import okhttp3.Response;

/** What a failed call of the rack API means, and what to do about it. */
final class RackFailure {

  private static final int MOST_BYTES = 4096;

  private final RackAddress address;
  private final Duration limit;

  RackFailure(RackAddress address, Duration limit) {
    this.address = address;
    this.limit = limit;
  }

  /** Answers of proxies and of racks that are being updated, rather than of the API itself. */
  private static final Set<Integer> TRANSIENT = Set.of(429, 502, 503, 504);

  RuntimeException answered(Request request, Response response) {
    String reason = reason(response);
    String because = reason.isEmpty() ? "" : ": " + reason;
    int code = response.code();
    if (TRANSIENT.contains(code)) {
      return new CallFailure.Unanswered(
          Problem.of(
              address.display() + " answered " + call(request) + " with status " + code + because,
              "see the rack's logs ('convox rack logs'), then run the same command again"),
          null);
    }
    if (mfa(response, reason)) {
      return failed(
          address.display() + " demands multi-factor authentication for " + call(request),
          "give an API token of the gateway: tokens of people who have logged in with a browser"
              + " cannot be used without them");
    }
    if (code == 401) {
      return failed(
          address.display() + " does not accept the credentials" + because,
          address.throughGateway()
              ? "check the gateway's API token, and that it has not expired"
              : "check the token in the rack's address (RACK_URL)");
    }
    if (code == 403) {
      return failed(
          address.display() + " does not allow " + call(request) + because,
          "give the token the right to do so, or use another one");
    }
    if (code == 404) {
      return new CallFailure.Missing(
          Problem.of(
              address.display() + " does not know " + request.url().encodedPath() + because,
              "check the names of app and resource, and the address of the rack"));
    }
    if (code >= 300 && code < 400) {
      return failed(
          address.display() + " redirects " + call(request) + " elsewhere",
          "give the address that it redirects to, or check that this is the rack's API");
    }
    return failed(
        address.display() + " answered " + call(request) + " with status " + code + because,
        code >= 500
            ? "see the rack's logs ('convox rack logs'), then run the same command again"
            : "mend what it says, then run the same command again");
  }

  RuntimeException broken(Request request, IOException e) {
    Problem problem =
        Problem.of(call(request) + " of " + address.display() + " failed: " + describe(e), next(e));
    // A certificate that is not trusted will not be in a minute.
    return e instanceof SSLException
        ? new DeployException.StepFailed(problem, e)
        : new CallFailure.Unanswered(problem, e);
  }

  /** A WebSocket that was answered otherwise than by opening it. */
  RuntimeException socket(Response response) {
    RuntimeException answered = answered(response.request(), response);
    return answered instanceof CallFailure failure ? failure.failed() : answered;
  }

  /** A Rack Gateway says so in a header, and in words. */
  private static boolean mfa(Response response, String reason) {
    return (response.code() == 401 || response.code() == 403)
        && (response.header("X-MFA-Required") != null
            || reason.toLowerCase(Locale.ROOT).contains("mfa"));
  }

  private String describe(IOException e) {
    if (e instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (e instanceof SSLException) {
      return String.valueOf(e.getMessage()).contains("certification path")
          ? "its certificate is not signed by an authority that this machine trusts"
          : "TLS failed: " + e.getMessage();
    }
    if (e instanceof JsonProcessingException) {
      return "the answer is not JSON";
    }
    if (e instanceof ConnectException) {
      return "connection refused";
    }
    if (e instanceof NoRouteToHostException) {
      return "no route to the host";
    }
    if (e instanceof InterruptedIOException) {
      return "it was not done after " + limit.toSeconds() + " s";
    }
    return "the connection broke off before it was complete";
  }

  private static String next(IOException e) {
    if (e instanceof SSLException) {
      return "give the rack's authority in caFile or its certificate in fingerprint, or correct the"
          + " host name";
    }
    return e instanceof InterruptedIOException
        ? "give it longer, or see why the rack is slow"
        : "check the address and the network, then run the same command again";
  }

  private static String call(Request request) {
    return request.method() + " " + request.url().encodedPath();
  }

  /** Racks and gateways answer {@code {"error": "…"}}. */
  private static String reason(Response response) {
    String body;
    try {
      body = response.peekBody(MOST_BYTES).string();
    } catch (IOException e) {
      return "";
    }
    try {
      JsonNode error = new ObjectMapper().readTree(body).path("error");
      return oneLine(error.isTextual() ? error.asText() : "");
    } catch (JsonProcessingException e) {
      return body.startsWith("<") ? "" : oneLine(body);
    }
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.substring(0, Math.min(200, line.length()));
  }

  private static DeployException.StepFailed failed(String summary, String next) {
    return new DeployException.StepFailed(summary, next);
  }
}
