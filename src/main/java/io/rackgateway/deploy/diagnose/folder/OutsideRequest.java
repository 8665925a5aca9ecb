package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.text.PlainText;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import okhttp3.Handshake;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Asks the gateway once, at one of its addresses, and tells what was seen on the way. */
final class OutsideRequest {

  private static final int SHOWN = 500;
  private static final long BODY = 64 * 1024;
  private static final Duration SKEW = Duration.ofSeconds(5);

  private final OkHttpClient http;
  private final GatewayConfig gateway;
  private final Duration timeout;
  private final int certificateDays;
  private final Clock clock;

  OutsideRequest(
      OkHttpClient http,
      GatewayConfig gateway,
      Duration timeout,
      int certificateDays,
      Clock clock) {
    this.http =
        http.newBuilder()
            .callTimeout(timeout)
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .build();
    this.gateway = gateway;
    this.timeout = timeout;
    this.certificateDays = certificateDays;
    this.clock = clock;
  }

  /**
   * What was seen.
   *
   * @param problem why this is no good answer; null when it is one
   * @param remarks what else a person should know
   */
  record Seen(List<String> lines, @Nullable String problem, List<String> remarks) {}

  /**
   * Asks.
   *
   * @param address where; null for whichever the name stands for
   * @param token the API token to ask with; null for none
   */
  Seen ask(String path, @Nullable InetAddress address, @Nullable String token) {
    String base = gateway.url().toString().replaceFirst("/$", "");
    Request.Builder request =
        new Request.Builder()
            .url(base + path)
            .header("Connection", "close")
            .header("User-Agent", "rack-gateway-deploy");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    OkHttpClient client =
        address == null ? http : http.newBuilder().dns(host -> List.of(address)).build();
    List<String> lines = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    lines.add("GET " + base + path + (address == null ? "" : " at " + address.getHostAddress()));
    long start = System.nanoTime();
    try (Response response = client.newCall(request.build()).execute()) {
      lines.add(
          "  status      "
              + response.code()
              + " after "
              + (System.nanoTime() - start) / 1_000_000
              + " ms");
      tls(response.handshake(), lines, remarks);
      clock(response, lines, remarks);
      String location = response.header("Location");
      if (location != null) {
        lines.add("  leads to    " + PlainText.line(location, SHOWN));
      }
      lines.add("  body        " + PlainText.line(response.peekBody(BODY).string(), SHOWN));
      return new Seen(lines, response.code() == 200 ? null : "status " + response.code(), remarks);
    } catch (IOException e) {
      String problem = NetworkFailure.describe(e, timeout);
      lines.add("  " + problem);
      return new Seen(lines, problem, remarks);
    }
  }

  private void tls(@Nullable Handshake handshake, List<String> lines, List<String> remarks) {
    if (handshake == null) {
      lines.add("  TLS         none");
      return;
    }
    lines.add("  TLS         " + handshake.tlsVersion().javaName());
    List<Certificate> chain = handshake.peerCertificates();
    if (chain.isEmpty() || !(chain.get(0) instanceof X509Certificate certificate)) {
      return;
    }
    Instant until = certificate.getNotAfter().toInstant();
    long days = Duration.between(clock.instant(), until).toDays();
    lines.add("  certificate " + certificate.getSubjectX500Principal().getName());
    lines.add("  issued by   " + certificate.getIssuerX500Principal().getName());
    lines.add("  valid until " + until + ", " + days + " days");
    if (days < certificateDays) {
      remarks.add("the TLS certificate of " + gateway.url() + " is valid for " + days + " days");
    }
  }

  private void clock(Response response, List<String> lines, List<String> remarks) {
    Date theirs = response.headers().getDate("Date");
    if (theirs == null) {
      return;
    }
    Duration skew = Duration.between(clock.instant(), theirs.toInstant());
    lines.add("  clock       " + skew.toSeconds() + " s from this machine's");
    if (skew.abs().compareTo(SKEW) > 0) {
      remarks.add("the gateway's clock is " + skew.toSeconds() + " s from this machine's");
    }
  }
}
