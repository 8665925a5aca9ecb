package io.rackgateway.deploy.verify.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.HttpUrl;

/**
 * The certificate that a server shows, whether or not it is to be trusted, so that it can be told
 * what is wrong with it. Nothing is sent to that server.
 */
final class PresentedCertificate {

  private static final int TIMEOUT_MILLIS = 3_000;

  /** The kind of name that is a host's: RFC 5280, section 4.2.1.6. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private PresentedCertificate() {}

  /** The session of a handshake; empty where there is none to be had. */
  static Optional<SSLSession> of(HttpGateway http) {
    HttpUrl url = http.url();
    try (Socket plain = new Socket()) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anything()}, null);
      plain.connect(new InetSocketAddress(http.addresses().get(0), url.port()), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      try (SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, url.host(), url.port(), true)) {
        socket.startHandshake();
        SSLSession session = socket.getSession();
        return session.getPeerCertificates()[0] instanceof X509Certificate
            ? Optional.of(session)
            : Optional.empty();
      }
    } catch (IOException | GeneralSecurityException e) {
      // There is no certificate to look at; what failed is told already.
      return Optional.empty();
    }
  }

  static X509Certificate first(SSLSession session) {
    try {
      return (X509Certificate) session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("the session was made with a certificate", e);
    }
  }

  /** The hosts that a certificate is for. */
  static String names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      String hosts =
          names == null
              ? ""
              : names.stream()
                  .filter(name -> List.of(DNS_NAME, IP_ADDRESS).contains(name.get(0)))
                  .map(name -> Objects.toString(name.get(1)))
                  .limit(5)
                  .collect(Collectors.joining(", "));
      return hosts.isEmpty() ? "no host" : hosts;
    } catch (CertificateParsingException e) {
      return "names that cannot be read";
    }
  }

  /** Used for looking only: nothing is sent over what it accepts. */
  private static final class Anything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
