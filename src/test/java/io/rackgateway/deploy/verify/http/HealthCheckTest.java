package io.rackgateway.deploy.verify.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HealthCheckTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(900);

  private final PlatformStub platform = new PlatformStub();
  private final Cancellation cancellation = new Cancellation();
  private MoodyGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = new MoodyGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void goodAnswersInARowPass() {
    Finding finding = check(LONG);

    assertThat(finding.verdict()).isEqualTo(Verdict.PASS);
    assertThat(finding.evidence()).matches("3 good answers in a row, the slowest after \\d+ ms");
    assertThat(gateway.authorizations).hasSize(3);
  }

  @Test
  void aBadAnswerStartsTheCountAnewAndIsToldAsFlapping() {
    AtomicInteger requests = new AtomicInteger();
    gateway.mood =
        exchange ->
            (requests.incrementAndGet() == 3
                    ? MoodyGateway.json(503, "{\"error\":\"starting\"}")
                    : MoodyGateway.json(200, MoodyGateway.HEALTHY))
                .answer(exchange);

    Finding finding = check(LONG);
    assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
    assertThat(finding.evidence())
        .contains(
            "before that its health flapped: 1 of 6 answers was bad since the first good one");
    assertThat(requests).hasValue(6);
  }

  @Test
  void aGatewayThatIsNotUpYetIsWaitedFor() throws IOException {
    gateway.stop();
    AtomicInteger waits = new AtomicInteger();
    Events startGatewayOnFirstWait =
        event -> {
          if (event instanceof Event.Waiting && waits.incrementAndGet() == 1) {
            try {
              gateway.restart();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        };

    assertThat(check(LONG, startGatewayOnFirstWait).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    gateway.stop();

    assertFails(
        "/api/v1/health did not give 3 good answers in a row within 0.9 s", "connection refused");
  }

  @Test
  void aServerErrorIsNamedWithItsReason() {
    gateway.mood = MoodyGateway.json(503, "{\"error\":\"database unreachable\"}");

    assertFails("status 503 Service Unavailable: database unreachable");
  }

  @Test
  void anotherServiceIsNamed() {
    gateway.mood = MoodyGateway.json(200, "{\"status\":\"ok\",\"service\":\"web\"}");

    assertFails("service 'web' answers there, expected 'rack-gateway'");
  }

  @Test
  void anotherStatusIsNamed() {
    gateway.mood = MoodyGateway.json(200, "{\"status\":\"degraded\",\"service\":\"rack-gateway\"}");

    assertFails("it says that its status is degraded");
  }

  @Test
  void aPageInsteadOfTheGatewayIsNamed() {
    gateway.mood =
        MoodyGateway.answer(200, "text/html; charset=utf-8", "<html>Welcome to nginx</html>");

    assertFails("text/html instead of JSON: something else than the gateway answers there");
  }

  @Test
  void aRedirectIsToldAndNotFollowed() {
    gateway.mood = MoodyGateway.redirect("https://login.example.com/");

    assertFails("status 302", "a redirect to https://login.example.com/, which is not followed");
  }

  @Test
  void aConnectionClosedWithoutAnAnswerIsNamed() {
    gateway.mood = MoodyGateway.hangUp();

    assertFails("the connection was closed before the answer was complete");
  }

  @Test
  void aHangingGatewayIsGivenUpInTime() {
    CountDownLatch never = new CountDownLatch(1);
    gateway.mood = MoodyGateway.hang(never);

    assertFails("no complete answer within 0.");
    never.countDown();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNamed(@TempDir Path folder) throws Exception {
    HttpsServer server = selfSigned(folder);
    server.start();
    try {
      HttpGateway https =
          new HttpGateway(
              new OkHttpClient(), URI.create("https://127.0.0.1:" + server.getAddress().getPort()));
      Finding finding = check(https, Duration.ofSeconds(2), Events.none());

      assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
      assertThat(finding.evidence())
          .contains("TLS failed: the certificate is not signed by an authority");
    } finally {
      server.stop(0);
    }
  }

  private static HttpsServer selfSigned(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -alias a -keyalg EC -dname CN=x -storetype PKCS12 -storepass"
                        + " changeit -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  @Test
  void aHostNameThatDoesNotExistIsNamed() {
    HttpGateway nowhere = new HttpGateway(new OkHttpClient(), URI.create("http://gateway.invalid"));

    assertThat(check(nowhere, SHORT, Events.none()).evidence())
        .contains("the host name is not known");
  }

  @Test
  void aDeadInstanceEndsTheWaitAtOnce() {
    gateway.mood = MoodyGateway.json(503, "{}");
    platform.failure.set(Problem.of("container gateway-1 ended with exit code 1", "see its log"));

    assertThatThrownBy(() -> check(Duration.ofHours(1)))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage("container gateway-1 ended with exit code 1");
  }

  @Test
  void thePlatformIsNotAskedWhileTheGatewayAnswersWell() {
    platform.failure.set(Problem.of("left over from before", ""));

    assertThat(check(LONG).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void cancellingEndsAHangingRequest() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    gateway.mood =
        exchange -> {
          asked.countDown();
          MoodyGateway.hang(never).answer(exchange);
        };
    Thread canceller =
        new Thread(
            () -> {
              try {
                asked.await();
                cancellation.request("SIGTERM");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    canceller.start();

    long start = System.nanoTime();
    assertThatThrownBy(() -> check(Duration.ofHours(1)))
        .isInstanceOf(DeployException.Cancelled.class);
    assertThat(Waits.since(start)).isLessThan(Duration.ofSeconds(4));
    never.countDown();
    canceller.join();
  }

  @Test
  void aConnectionThatNobodyAcceptsIsGivenUpInTime() throws IOException {
    // A listening socket whose queue is full lets no further connection in.
    try (ServerSocket full = new ServerSocket()) {
      full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      List<Socket> fillers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        fillers.add(new Socket(full.getInetAddress(), full.getLocalPort()));
      }
      HttpGateway client =
          new HttpGateway(
              new OkHttpClient(), URI.create("http://127.0.0.1:" + full.getLocalPort()));

      assertThat(check(client, SHORT, Events.none()).evidence())
          .contains("no complete answer within 0.");
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  private void assertFails(String... evidence) {
    Finding finding = check(SHORT);
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
  }

  private Finding check(Duration timeout) {
    return check(timeout, Events.none());
  }

  private Finding check(Duration timeout, Events events) {
    return check(gateway.client(), timeout, events);
  }

  private Finding check(HttpGateway client, Duration timeout, Events events) {
    return new HealthCheck(
            client,
            gateway.config(),
            Expectations.config(timeout),
            platform,
            new Waits(Clock.systemUTC(), cancellation, events))
        .run(Expectations.UPGRADED);
  }
}
