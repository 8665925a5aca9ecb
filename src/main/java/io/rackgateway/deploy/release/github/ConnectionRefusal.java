package io.rackgateway.deploy.release.github;

import io.rackgateway.deploy.release.source.PlainText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
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
    if (failure instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (failure instanceof SSLException) {
      return "TLS failed: " + tls(failure);
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to the host";
    }
    if (failure instanceof ConnectException) {
      return "connection refused";
    }
    if (connecting(failure)) {
      return "no connection within " + GitHubClient.CONNECT_TIMEOUT.toSeconds() + " s";
    }
    if (failure instanceof InterruptedIOException) {
      return "no complete answer within " + Ages.of(timeout);
    }
    if (failure instanceof SocketException
        || failure instanceof EOFException
        || text(failure).contains("unexpected end of stream")) {
      return "the connection was closed before the answer was complete";
    }
    return PlainText.line(text(failure), 160);
  }

  private static boolean connecting(IOException failure) {
    return failure instanceof SocketTimeoutException && text(failure).contains("onnect");
  }

  private static String tls(IOException failure) {
    String reason = text(failure);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException && cause.getMessage() != null) {
        reason = cause.getMessage();
      }
    }
    return reason.contains("unable to find valid certification path")
        ? "the certificate is not signed by an authority that this machine trusts"
        : PlainText.line(reason, 160);
  }

  private static String text(IOException failure) {
    return String.valueOf(failure.getMessage());
  }
}
