package io.rackgateway.deploy.verify.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several addresses, certificates, and instances asked from inside. Addresses are those of
 * 127.0.0.0/8; the resolver is the test's own.
 */
@Timeout(60)
class HealthFromEverySideTest {

  private static final String HOST = "gateway.example.com";
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final PlatformStub platform = new PlatformStub();
  private final Waits waits = new Waits(Clock.systemUTC(), new Cancellation(), Events.none());
  private final HeldCertificate authority =
      new HeldCertificate.Builder().commonName("an authority").certificateAuthority(0).build();
  private MockWebServer server = new MockWebServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void oneBadAddressOfSeveralIsNamed() throws IOException {
    server.setDispatcher(healthy(new AtomicInteger()));
    server.start(InetAddress.getLoopbackAddress(), 0);

    assertFinding(
        check(http("http"), List.of("127.0.0.1", "127.0.0.2"), LIMIT),
        Verdict.FAIL,
        "1 of the 2 addresses of gateway.example.com does not answer well: 127.0.0.2: connection"
            + " refused");
  }

  @Test
  void everyAddressIsAskedAndTheNumberTold() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    server.setDispatcher(healthy(asked));
    server.start(new InetSocketAddress(0).getAddress(), 0);

    assertFinding(
        check(http("http"), List.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), LIMIT),
        Verdict.PASS,
        "3 good answers in a row, the slowest after ");
    assertThat(asked).hasValue(3 + 3);
  }

  @Test
  void healthThatFlapsWithoutEndFailsAsFlapping() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return asked.getAndIncrement() % 3 == 2
                ? new MockResponse.Builder().code(503).build()
                : new MockResponse.Builder().body(MoodyGateway.HEALTHY).build();
          }
        });
    server.start();

    Finding finding = check(http("http"), List.of("127.0.0.1"), LIMIT);
    assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(finding.evidence())
        .containsPattern("its health flaps: \\d of \\d+ answers were bad since the first good one")
        .contains("the last bad one: status 503");
  }

  @Test
  void aCertificateThatIsValidForLongIsToldWithItsEnd() throws IOException {
    assertFinding(
        checkTls(certificate(HOST, -10, 90)), Verdict.PASS, "the certificate is valid until ");
  }

  @Test
  void aCertificateThatEndsSoonWarns() throws IOException {
    assertFinding(
        checkTls(certificate(HOST, -80, 10)),
        Verdict.WARN,
        "(9 days), fewer than 14 days: renew it");
  }

  @Test
  void anExpiredCertificateFailsWithTheDay() throws IOException {
    Instant end = Instant.now().minus(3, ChronoUnit.DAYS);

    assertFinding(
        checkTls(certificate(HOST, -90, -3)),
        Verdict.FAIL,
        "the certificate expired on " + end.toString().substring(0, 10) + ", 3 days ago");
  }

  @Test
  void aCertificateOfAnotherHostFailsWithTheNames() throws IOException {
    assertFinding(
        checkTls(certificate("staging.example.com", -1, 90)),
        Verdict.FAIL,
        "the certificate is not for gateway.example.com but for staging.example.com");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityFailsWithItsName() throws IOException {
    HeldCertificate own =
        new HeldCertificate.Builder().commonName("nobody").addSubjectAlternativeName(HOST).build();

    assertFinding(checkTls(own), Verdict.FAIL, "the certificate is by CN=nobody");
  }

  @Test
  void goodOutsideAndBadInsideMeansThatAProxyHidesABadInstance() throws IOException {
    platform.inside =
        List.of(
            new InsideAnswer("gateway-1", 200, MoodyGateway.HEALTHY, null),
            new InsideAnswer("gateway-2", 503, "{\"error\":\"no database\"}", null));

    assertFinding(
        checkPlain(),
        Verdict.FAIL,
        "but from inside gateway-2: status 503: no database: a proxy hides a bad instance");
  }

  @Test
  void instanceWhoseHealthFlapsBehindAProxyIsFound() throws IOException {
    InsideAnswer good = new InsideAnswer("gateway-1", 200, MoodyGateway.HEALTHY, null);
    InsideAnswer bad = new InsideAnswer("gateway-1", 503, "", null);
    platform.insideInTurn(List.of(List.of(good), List.of(good), List.of(bad)));

    assertFinding(
        checkPlain(),
        Verdict.FAIL,
        "gateway-1: status 503 when asked the third time: its health flaps");
  }

  @Test
  void goodOnBothSidesIsTold() throws IOException {
    platform.inside = List.of(new InsideAnswer("gateway-1", 200, MoodyGateway.HEALTHY, null));

    assertFinding(checkPlain(), Verdict.PASS, "good from inside");
  }

  @Test
  void noAnswerFromInsideIsDoubtfulOnly() throws IOException {
    platform.inside = List.of(new InsideAnswer("gateway-1", 0, "", "connection refused"));

    assertFinding(
        checkPlain(),
        Verdict.WARN,
        "from inside there is no answer: gateway-1: connection refused; perhaps the gateway listens"
            + " elsewhere than on PORT");
  }

  @Test
  void badOutsideAndGoodInsideMeansThatTheWayIsBroken() throws IOException {
    platform.inside = List.of(new InsideAnswer("gateway-1", 200, MoodyGateway.HEALTHY, null));
    server.start();
    URI url = http("http");
    server.close();

    assertFinding(
        check(url, List.of("127.0.0.1"), LIMIT),
        Verdict.FAIL,
        "from inside the gateway answers well: the fault is on the way to it");
  }

  @Test
  void badOnBothSidesIsTheGatewayItself() throws IOException {
    platform.inside = List.of(new InsideAnswer("gateway-1", 503, "", null));
    server.start();
    URI url = http("http");
    server.close();

    assertFinding(
        check(url, List.of("127.0.0.1"), LIMIT),
        Verdict.FAIL,
        "from inside, too (gateway-1: status 503): the fault is the gateway's own");
  }

  private Finding checkPlain() throws IOException {
    server.setDispatcher(healthy(new AtomicInteger()));
    server.start();
    return check(http("http"), List.of("127.0.0.1"), LIMIT);
  }

  private Finding checkTls(HeldCertificate certificate) throws IOException {
    boolean signed =
        !certificate.certificate().getIssuerX500Principal().getName().equals("CN=nobody");
    X509Certificate[] intermediates =
        signed ? new X509Certificate[] {authority.certificate()} : new X509Certificate[0];
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate, intermediates)
            .build()
            .sslSocketFactory());
    server.setDispatcher(healthy(new AtomicInteger()));
    server.start();
    return check(
        URI.create("https://" + HOST + ":" + server.getPort()), List.of("127.0.0.1"), LIMIT);
  }

  private HeldCertificate certificate(String host, int beginDays, int endDays) {
    Instant now = Instant.now();
    return new HeldCertificate.Builder()
        .addSubjectAlternativeName(host)
        .validityInterval(
            now.plus(beginDays, ChronoUnit.DAYS).toEpochMilli(),
            now.plus(endDays, ChronoUnit.DAYS).toEpochMilli())
        .signedBy(authority)
        .build();
  }

  private static Dispatcher healthy(AtomicInteger asked) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        asked.incrementAndGet();
        return new MockResponse.Builder().body(MoodyGateway.HEALTHY).build();
      }
    };
  }

  private URI http(String scheme) {
    return URI.create(scheme + "://" + HOST + ":" + server.getPort());
  }

  private Finding check(URI url, List<String> addresses, Duration timeout) {
    HandshakeCertificates trusted =
        new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate()).build();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .dns(host -> addresses.stream().map(HealthFromEverySideTest::address).toList())
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .build();
    GatewayConfig gateway = new GatewayConfig("production", url, "/api/v1/health", null);
    return new HealthCheck(
            new HttpGateway(client, gateway),
            gateway,
            Expectations.config(timeout),
            platform,
            waits)
        .run(Expectations.UPGRADED);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
