package io.rackgateway.deploy.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server gave no complete answer, in words. */
final class NetworkFailure {

  private NetworkFailure() {}

  static String describe(@Nullable Throwable failure) {
    if (failure instanceof TooLarge large) {
      return String.valueOf(large.getMessage());
    }
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
      return "no complete answer in time";
    }
    String message = failure == null ? "" : String.valueOf(failure.getMessage());
    if (failure instanceof ProtocolException
        || failure instanceof SocketException
        || failure instanceof EOFException
        || message.contains("unexpected end of stream")) {
      return "the connection was closed before the answer was complete";
    }
    return "no usable answer: " + Upstream.text(message);
  }

  private static String tls(Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    if (reason.contains("unable to find valid certification path")) {
      return "the certificate is not signed by an authority that this machine trusts";
    }
    if (reason.contains("Unsupported or unrecognized SSL message")) {
      return "the server does not speak TLS";
    }
    return Upstream.text(reason);
  }

  /** More than anybody needs to answer such a question. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("it answered with more than " + limit / (1024 * 1024) + " MB");
    }
  }
}
