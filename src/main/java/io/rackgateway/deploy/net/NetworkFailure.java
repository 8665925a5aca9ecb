package io.rackgateway.deploy.net;

import io.rackgateway.deploy.text.PlainText;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server gave no answer, or not all of it, in words. */
public final class NetworkFailure {

  private static final int LONGEST = 160;

  private NetworkFailure() {}

  /**
   * The reason as the end of a sentence, without the server's name: {@code connection refused}.
   *
   * @param deadline how long the answer was waited for, null when that is not to be told
   */
  public static String describe(@Nullable Throwable failure, @Nullable Duration deadline) {
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
      return "no complete answer " + (deadline == null ? "in time" : "within " + seconds(deadline));
    }
    String message = failure == null ? "" : String.valueOf(failure.getMessage());
    if (failure instanceof ProtocolException
        || failure instanceof SocketException
        || failure instanceof EOFException
        || message.contains("unexpected end of stream")) {
      return "the connection was closed before the answer was complete";
    }
    return "no usable answer: " + PlainText.line(message, LONGEST);
  }

  /** {@code 2 s}, {@code 0.25 s}. */
  public static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private static String tls(Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException && cause.getMessage() != null) {
        reason = cause.getMessage();
      }
    }
    if (reason.contains("unable to find valid certification path")) {
      return "the certificate is not signed by an authority that this machine trusts";
    }
    if (reason.contains("Unsupported or unrecognized SSL message")) {
      return "the server does not speak TLS";
    }
    return PlainText.line(reason, LONGEST);
  }
}
