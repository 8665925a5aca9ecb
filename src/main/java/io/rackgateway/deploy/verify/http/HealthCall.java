package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Handshake;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Asks for the gateway's health once. */
final class HealthCall {

  private final HealthJudge judge;
  private final Waits waits;

  HealthCall(HealthJudge judge, Waits waits) {
    this.judge = judge;
    this.waits = waits;
  }

  /**
   * How the gateway answered.
   *
   * @param problem what is wrong with the answer; null when it is good
   * @param failure why there was none; null when there was one
   * @param certificate the server's; null without TLS
   */
  record Look(
      @Nullable String problem,
      @Nullable IOException failure,
      Duration took,
      @Nullable X509Certificate certificate) {

    boolean good() {
      return problem == null;
    }

    boolean late() {
      return failure instanceof InterruptedIOException;
    }

    boolean tlsFailed() {
      return failure instanceof SSLException;
    }
  }

  Look ask(HttpGateway http, String path, Duration timeout) {
    long sent = System.nanoTime();
    Call call = http.get(path, timeout);
    Cancellation.Registration registration = waits.cancellation().onRequest(call::cancel);
    try (Response response = call.execute()) {
      Answer answer = Answer.of(response);
      return new Look(
          judge.problem(answer).orElse(null),
          null,
          Waits.since(sent),
          certificate(response.handshake()));
    } catch (IOException e) {
      waits.cancellation().throwIfPending();
      return new Look(NetworkFailure.describe(e, timeout), e, Waits.since(sent), null);
    } finally {
      registration.close();
    }
  }

  private static @Nullable X509Certificate certificate(@Nullable Handshake handshake) {
    List<Certificate> chain = handshake == null ? List.of() : handshake.peerCertificates();
    return !chain.isEmpty() && chain.get(0) instanceof X509Certificate first ? first : null;
  }
}
