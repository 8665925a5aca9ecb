package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.LoginConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A login sends the browser to the identity provider, and the provider is told to send it back
 * here: the authorization request of OAuth 2.0 (RFC 6749, section 4.1.1). Nobody logs in.
 */
public final class LoginCheck implements CheckRunner {

  private static final String CALLBACK = "/api/v1/auth/web/callback";
  private static final Set<Integer> REDIRECTS = Set.of(302, 303, 307);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private final PatientRequest requests;
  private final LoginConfig config;

  public LoginCheck(HttpGateway http, VerifyConfig config, DeployDriver driver, Waits waits) {
    this.requests = new PatientRequest(http, config, driver, waits);
    this.config = config.login();
  }

  @Override
  public String name() {
    return "login";
  }

  @Override
  public Finding run(Expectation expectation) {
    String address = requests.http().address(config.path());
    PatientRequest.Outcome outcome =
        requests.send(
            "the login at " + address,
            requests.http().request(config.path()),
            LONGEST_ANSWER,
            expectation.patient());
    Answer answer = outcome.answer();
    if (answer == null) {
      return Finding.fail(address + ": " + outcome.problem());
    }
    String location = answer.location();
    if (!REDIRECTS.contains(answer.status()) || location == null) {
      return Finding.fail(address + ": " + noRedirect(answer));
    }
    HttpUrl from = HttpUrl.get(address);
    HttpUrl provider = from.resolve(location);
    if (provider == null) {
      return Finding.fail(
          "a login is sent to '" + location + "', which is no address: check GOOGLE_CLIENT_ID");
    }
    return judge(from, provider);
  }

  private static String noRedirect(Answer answer) {
    String error = answer.json().path("error").asText("");
    return "status "
        + answer.status()
        + " instead of a redirect to the identity provider"
        + (error.isBlank() ? "" : " (" + error + ")")
        + "; "
        + (answer.status() == 404
            ? "verify.login.path names another path, or something else answers there"
            : "check the gateway's DOMAIN, GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET");
  }

  private Finding judge(HttpUrl gatewayLogin, HttpUrl provider) {
    if (provider.host().equals(gatewayLogin.host()) && provider.port() == gatewayLogin.port()) {
      return Finding.fail(
          "a login is sent to "
              + shown(provider)
              + " on the gateway's own host, not to an identity provider: check GOOGLE_CLIENT_ID");
    }
    if (!provider.isHttps()) {
      return Finding.fail(
          "a login is sent to " + shown(provider) + ", which is not encrypted: https is expected");
    }
    String callback = provider.queryParameter("redirect_uri");
    String wrong = callbackProblem(gatewayLogin, callback);
    if (wrong == null) {
      wrong = parametersProblem(provider);
    }
    return wrong == null
        ? Finding.pass("a login is sent to " + provider.host() + " and comes back to " + callback)
        : Finding.fail("a login is sent to " + provider.host() + ", but " + wrong);
  }

  /** What is wrong with where the provider is to send the browser back; null when nothing is. */
  private @Nullable String callbackProblem(HttpUrl login, @Nullable String callback) {
    if (callback == null || callback.isEmpty()) {
      return "without a redirect_uri: check the gateway's DOMAIN";
    }
    HttpUrl found = HttpUrl.parse(callback);
    if (found == null) {
      return "the redirect_uri '" + callback + "' is no address: check the gateway's DOMAIN";
    }
    if (config.callback() != null) {
      HttpUrl expected = HttpUrl.parse(config.callback().toString());
      return found.equals(expected)
          ? null
          : "would come back to "
              + shown(found)
              + ", expected "
              + config.callback()
              + " (verify.login.callback): check the gateway's DOMAIN";
    }
    boolean named = !isNumeric(login.host());
    boolean right =
        found.isHttps()
            && found.encodedPath().equals(CALLBACK)
            && (!named || found.host().equals(login.host()));
    return right
        ? null
        : "would come back to "
            + shown(found)
            + ", expected https://"
            + (named ? login.host() : "…")
            + CALLBACK
            + ": check the gateway's DOMAIN, or set verify.login.callback where that is right";
  }

  private @Nullable String parametersProblem(HttpUrl provider) {
    String client = provider.queryParameter("client_id");
    if (client == null || client.isBlank()) {
      return "without a client_id: check the gateway's GOOGLE_CLIENT_ID";
    }
    if (config.clientId() != null && !client.equals(config.clientId())) {
      return "with the client_id '"
          + client
          + "', expected '"
          + config.clientId()
          + "' (verify.login.clientId): check the gateway's GOOGLE_CLIENT_ID";
    }
    String type = provider.queryParameter("response_type");
    if (!"code".equals(type)) {
      return "with response_type " + (type == null ? "missing" : "'" + type + "'") + ", not code";
    }
    String state = provider.queryParameter("state");
    return state == null || state.isEmpty()
        ? "without a state, which protects a login from being forged"
        : null;
  }

  /** Without the query, which carries what is of one login only. */
  private static String shown(HttpUrl url) {
    return url.newBuilder().query(null).fragment(null).username("").password("").build().toString();
  }

  /** An address that names no domain, which a callback could be compared with. */
  private static boolean isNumeric(String host) {
    return host.contains(":") || host.matches("[0-9.]+") || host.equals("localhost");
  }
}
