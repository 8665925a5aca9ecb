package io.rackgateway.deploy.verify.http;

import static io.rackgateway.deploy.verify.http.MoodyGateway.answer;
import static io.rackgateway.deploy.verify.http.MoodyGateway.json;
import static io.rackgateway.deploy.verify.http.MoodyGateway.redirect;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.HttpCheckConfig;
import io.rackgateway.deploy.config.LoginConfig;
import io.rackgateway.deploy.config.RackReadConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import io.rackgateway.deploy.verify.PlatformStub;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Login, the way to the rack, and requests of the user's own. */
@Timeout(60)
class FunctionChecksTest {

  private static final String CALLBACK = "https://gateway.example.com/api/v1/auth/web/callback";

  private final PlatformStub platform = new PlatformStub();
  private final Waits waits = new Waits(Clock.systemUTC(), new Cancellation(), Events.none());
  private MoodyGateway gateway;
  private Duration timeout = Duration.ZERO;

  @BeforeEach
  void start() throws IOException {
    gateway = new MoodyGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Nested
  class Login {
    private URI callback;
    private String clientId;

    @Test
    void passesWhereTheProviderIsToldToSendTheBrowserBackHere() {
      callback = URI.create(CALLBACK);
      clientId = "client-1";
      gateway.mood = redirect(provider(CALLBACK, "client_id=client-1&response_type=code&state=x"));

      assertFinding(
          login(),
          Verdict.PASS,
          "a login is sent to accounts.google.com and comes back to " + CALLBACK);
    }

    @Test
    void aGatewayThatIsAskedByItsNumberHasNoDomainToCompareWith() {
      gateway.mood = redirect(provider(CALLBACK, "client_id=a&response_type=code&state=x"));

      assertThat(login().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void theWrongDomainIsNamedBesideTheExpectedOne() {
      callback = URI.create(CALLBACK);
      gateway.mood =
          redirect(
              provider(
                  "https://staging.example.com/api/v1/auth/web/callback",
                  "client_id=a&response_type=code&state=x"));

      assertFinding(
          login(),
          Verdict.FAIL,
          "a login is sent to accounts.google.com, but would come back to"
              + " https://staging.example.com/api/v1/auth/web/callback, expected "
              + CALLBACK
              + " (verify.login.callback): check the gateway's DOMAIN");
    }

    @Test
    void anotherPathOrNoEncryptionIsTheWrongCallbackWhateverTheDomain() {
      String rest = "client_id=a&response_type=code&state=x";
      gateway.mood = redirect(provider("https://gateway.example.com/callback", rest));
      assertFinding(login(), Verdict.FAIL, "expected https://…/api/v1/auth/web/callback");

      gateway.mood = redirect(provider(CALLBACK.replace("https", "http"), rest));
      assertFinding(login(), Verdict.FAIL, "would come back to http://gateway.example.com/");
    }

    @Test
    void eachParameterOfTheRequestIsLookedAt() {
      callback = URI.create(CALLBACK);
      clientId = "client-1";
      for (Map.Entry<String, String> wrong :
          Map.of(
                  "response_type=code&state=x", "without a client_id",
                  "client_id=&response_type=code&state=x", "without a client_id",
                  "client_id=other&response_type=code&state=x",
                      "client_id 'other', expected 'client-1'",
                  "client_id=client-1&state=x", "response_type missing",
                  "client_id=client-1&response_type=token&state=x", "response_type 'token'",
                  "client_id=client-1&response_type=code", "without a state")
              .entrySet()) {
        gateway.mood = redirect(provider(CALLBACK, wrong.getKey()));
        assertFinding(login(), Verdict.FAIL, wrong.getValue());
      }
      gateway.mood = redirect("https://accounts.google.com/auth?client_id=client-1");
      assertFinding(login(), Verdict.FAIL, "without a redirect_uri: check the gateway's DOMAIN");
    }

    @Test
    void aRedirectToTheGatewayItselfIsNoLogin() {
      gateway.mood = redirect("/login?next=1");
      assertFinding(login(), Verdict.FAIL, "on the gateway's own host");
    }

    @Test
    void aProviderThatIsNotEncryptedFails() {
      gateway.mood = redirect("http://accounts.example.com/auth");
      assertFinding(login(), Verdict.FAIL, "which is not encrypted");
    }

    @Test
    void anAnswerThatIsNoRedirectSaysWhatToCheck() {
      gateway.mood = json(404, "{\"error\":\"not found\"}");
      assertFinding(login(), Verdict.FAIL, "status 404 instead of a redirect");
      gateway.mood = json(500, "{\"error\":\"oauth is not configured\"}");
      assertFinding(
          login(), Verdict.FAIL, "(oauth is not configured); check the gateway's DOMAIN, GOOGLE_");
      gateway.mood = json(200, "{}");
      assertFinding(login(), Verdict.FAIL, "status 200 instead of a redirect");
      gateway.mood = MoodyGateway.hangUp();
      assertFinding(login(), Verdict.FAIL, "connection was closed");
    }

    @Test
    void aProxyThatHasNotFoundTheNewInstancesYetIsGivenAMoment() {
      timeout = Duration.ofSeconds(20);
      AtomicInteger asked = new AtomicInteger();
      gateway.mood =
          exchange -> {
            if (asked.incrementAndGet() < 3) {
              json(503, "{}").answer(exchange);
            } else {
              redirect(provider(CALLBACK, "client_id=a&response_type=code&state=x"))
                  .answer(exchange);
            }
          };

      assertThat(login().verdict()).isEqualTo(Verdict.PASS);
    }

    private String provider(String redirect, String rest) {
      return "https://accounts.google.com/o/oauth2/v2/auth?redirect_uri="
          + URLEncoder.encode(redirect, StandardCharsets.UTF_8)
          + "&"
          + rest;
    }

    private Finding login() {
      VerifyConfig config =
          config(new LoginConfig(true, "/api/v1/auth/web/login", callback, clientId));
      return new LoginCheck(gateway.client(), config, platform, waits).run(Expectations.UPGRADED);
    }
  }

  @Nested
  class Rack {

    @Test
    void passesWhereTheRackAnswersThroughTheGateway() {
      gateway.mood = json(200, "{\"name\":\"staging\"}");

      assertFinding(rack("rgw_1"), Verdict.PASS, "the rack answers through the gateway, after ");
      assertThat(gateway.authorizations).containsExactly("Bearer rgw_1");
    }

    @Test
    void withoutATokenItIsSkippedAndSaysWhy() {
      assertFinding(rack(null), Verdict.SKIPPED, "gateway.apiToken is not configured");
      assertThat(gateway.authorizations).isEmpty();
    }

    @Test
    void aRefusedTokenIsToldApartFromOneThatMayNotReadTheRack() {
      gateway.mood = json(401, "{\"error\":\"unauthorized\"}");
      assertFinding(rack("rgw_1"), Verdict.FAIL, "does not know the token in gateway.apiToken");
      gateway.mood = json(403, "{\"error\":\"forbidden\"}");
      assertFinding(
          rack("rgw_1"), Verdict.FAIL, "may not read the rack (/api/v1/rack-proxy/system)");
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void aRackThatCannotBeReachedIsNotTheGatewaysFault(int status) {
      gateway.mood = json(status, "{\"error\":\"dial tcp: refused\"}");

      Finding finding = rack("rgw_1");
      assertFinding(
          finding,
          Verdict.FAIL,
          "the gateway is up, but does not reach the rack: status " + status);
      assertThat(finding.evidence()).contains("dial tcp: refused").doesNotContain("rgw_1");
    }

    @Test
    void somethingElseThanTheRackIsNoPass() {
      gateway.mood = answer(200, "text/html", "<html>");
      assertFinding(rack("rgw_1"), Verdict.FAIL, "text/html instead of JSON");
    }

    private Finding rack(String token) {
      return new RackCheck(
              gateway.client(), gateway.config(token), config(login()), platform, waits)
          .run(Expectations.UPGRADED);
    }
  }

  @Nested
  class OfTheUsersOwn {
    private HttpCheckConfig.Method method = HttpCheckConfig.Method.GET;
    private Map<String, String> headers = Map.of();
    private int status = 200;
    private String pointer;
    private String expected;
    private Duration latency = Duration.ofSeconds(5);

    @Test
    void passesWhereStatusAndValueAreAsExpected() {
      gateway.mood = json(200, "{\"a\":[{\"b/c\":7}]}");
      pointer = "/a/0/b~1c";
      expected = "7";

      assertFinding(check(), Verdict.PASS, "/deploys?limit=1: status 200, /a/0/b~1c as expected");
    }

    @Test
    void anotherStatusFailsAndARedirectTellsWhereTo() {
      gateway.mood = json(404, "{}");
      assertFinding(check(), Verdict.FAIL, "status 404, expected 200");
      gateway.mood = redirect("https://elsewhere.example.com/");
      assertFinding(
          check(), Verdict.FAIL, "status 302 (to https://elsewhere.example.com/), expected");
    }

    @Test
    void anExpectedErrorPasses() {
      status = 503;
      gateway.mood = json(503, "{}");
      timeout = Duration.ofMinutes(1);
      assertThat(check().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aValueThatIsMissingOrAnotherFails() {
      gateway.mood = json(200, "{\"version\":\"1.1.0\"}");
      pointer = "/version";
      expected = "1.2.0";
      assertFinding(check(), Verdict.FAIL, "/version is '1.1.0', expected '1.2.0'");
      pointer = "/other";
      assertFinding(check(), Verdict.FAIL, "its answer has no /other");
      gateway.mood = answer(200, "text/plain", "hello");
      assertFinding(check(), Verdict.FAIL, "its answer is not JSON");
    }

    @Test
    void anAnswerThatTakesTooLongFails() {
      latency = Duration.ofMillis(100);
      CountDownLatch never = new CountDownLatch(1);
      gateway.mood = MoodyGateway.hang(never);

      assertFinding(check(), Verdict.FAIL, "no complete answer within 0.1 s");
      never.countDown();
    }

    @Test
    void headersAreSentAndNeverTold() {
      headers = Map.of("Authorization", "Bearer hush-hush");
      gateway.mood = json(401, "{}");

      Finding finding = check();
      assertThat(gateway.authorizations).containsExactly("Bearer hush-hush");
      assertThat(finding.evidence()).doesNotContain("hush-hush");

      headers = Map.of("X-Key", "hush\nhush");
      assertFinding(check(), Verdict.FAIL, "a header of verify.http 'deploys' cannot be sent");
      assertThat(check().evidence()).doesNotContain("hush");
    }

    @Test
    void whatChangesSomethingIsSentOnce() {
      method = HttpCheckConfig.Method.POST;
      timeout = Duration.ofMinutes(1);
      gateway.mood = json(500, "{}");

      assertFinding(check(), Verdict.FAIL, "POST ");
      assertThat(gateway.authorizations).hasSize(1);
    }

    private Finding check() {
      HttpCheckConfig check =
          new HttpCheckConfig(
              "deploys", method, "/deploys?limit=1", headers, status, pointer, expected, latency);
      RequestCheck runner =
          new RequestCheck(gateway.client(), check, config(login()), platform, waits);
      assertThat(runner.name()).isEqualTo("deploys");
      return runner.run(Expectations.UPGRADED);
    }
  }

  private static LoginConfig login() {
    return new LoginConfig(true, "/api/v1/auth/web/login", null, null);
  }

  private VerifyConfig config(LoginConfig login) {
    return new VerifyConfig(
        timeout,
        3,
        "rack-gateway",
        "error",
        List.of(),
        null,
        14,
        Duration.ofMinutes(15),
        login,
        new RackReadConfig(true, "/api/v1/rack-proxy/system"),
        List.of(),
        null);
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
