package io.rackgateway.deploy.verify.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Why a request got no answer, in words. */
final class HttpFailure {

  private HttpFailure() {}

  static String describe(IOException failure, Duration timeout) {
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
    if (failure instanceof InterruptedIOException) {
      return "no answer within " + seconds(timeout);
    }
    if (failure instanceof SocketException
        || failure instanceof EOFException
        || String.valueOf(failure.getMessage()).contains("unexpected end of stream")) {
      return "the connection was closed without an answer";
    }
    return "no usable answer: " + failure.getMessage();
  }

  /** {@code 2 s}, {@code 0.25 s}. */
  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private static String tls(IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException && cause.getMessage() != null) {
        reason = cause.getMessage();
      }
    }
    if (reason.contains("unable to find valid certification path")) {
      return "the certificate is not signed by an authority that this machine trusts";
    }
    return reason.lines().findFirst().orElse(reason);
  }
}
