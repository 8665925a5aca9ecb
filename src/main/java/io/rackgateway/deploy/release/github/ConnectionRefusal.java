package io.rackgateway.deploy.release.github;

import io.rackgateway.deploy.net.NetworkFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Puts into words why a request got no answer at all, or not all of it. */
final class ConnectionRefusal {

  private ConnectionRefusal() {}

  static Refused of(IOException failure, String host, Duration timeout) {
    if (failure instanceof ProtocolException && text(failure).contains("follow-up requests")) {
      return Refused.lasting(
          host + " sends in circles: too many redirects",
          "correct releases.github.url and repository, or " + Refused.OFFLINE);
    }
    String summary = host + " cannot be reached: " + reason(failure, timeout);
    boolean again = !(failure instanceof InterruptedIOException) || connecting(failure);
    return again && !(failure instanceof SSLException)
        ? Refused.forNow(summary)
        : Refused.until(summary, "try again later, or " + Refused.OFFLINE, null);
  }

  private static String reason(IOException failure, Duration timeout) {
    return connecting(failure)
        ? "no connection within " + NetworkFailure.seconds(GitHubClient.CONNECT_TIMEOUT)
        : NetworkFailure.describe(failure, timeout);
  }

  private static boolean connecting(IOException failure) {
    return failure instanceof SocketTimeoutException && text(failure).contains("onnect");
  }

  private static String text(IOException failure) {
    return String.valueOf(failure.getMessage());
  }
}
