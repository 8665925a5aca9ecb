package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import okhttp3.Challenge;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens from the server that a registry names in its challenge, by the token and OAuth 2
 * specifications of CNCF Distribution: a GET with a user and password or with nobody's, a POST with
 * an identity token.
 */
final class TokenServer {

  private static final String CLIENT = "rack-gateway-deploy";

  private final Http http;
  private final Secrets secrets;

  TokenServer(Http http, Secrets secrets) {
    this.http = http;
    this.secrets = secrets;
  }

  /** The value of an {@code Authorization} header, a token to read the repository. */
  String fetch(Repository repository, Challenge challenge, @Nullable RegistryCredential credential)
      throws InterruptedException {
    String realm = challenge.authParams().get("realm");
    HttpUrl url = realm == null ? null : HttpUrl.parse(realm);
    if (url == null) {
      throw Upstream.unanswered(
          "the registry " + repository.registry() + " wants a token, but does not say from where",
          "check that the address is that of a registry");
    }
    if (credential != null && !Repository.isPrivate(url)) {
      throw Upstream.unanswered(
          "the registry "
              + repository.registry()
              + " names the token server "
              + Http.origin(url)
              + ", without TLS; the credentials are not sent there",
          "ask for the token server to be set up with TLS");
    }
    HttpAnswer answer = http.send(request(url, repository, challenge, credential));
    return "Bearer " + token(repository, answer, credential);
  }

  private static Request request(
      HttpUrl url,
      Repository repository,
      Challenge challenge,
      @Nullable RegistryCredential credential) {
    String service = challenge.authParams().getOrDefault("service", "");
    String scope =
        challenge.authParams().getOrDefault("scope", "repository:" + repository.path() + ":pull");
    Request.Builder request = new Request.Builder().header("User-Agent", CLIENT);
    if (credential != null && credential.identityToken()) {
      return request
          .url(url)
          .post(
              new FormBody.Builder()
                  .add("grant_type", "refresh_token")
                  .add("service", service)
                  .add("client_id", CLIENT)
                  .add("scope", scope)
                  .add("refresh_token", credential.secret())
                  .build())
          .build();
    }
    HttpUrl.Builder query = url.newBuilder().addQueryParameter("scope", scope);
    if (!service.isEmpty()) {
      query.addQueryParameter("service", service);
    }
    if (credential != null) {
      query.addQueryParameter("account", credential.username());
      request.header("Authorization", credential.basic());
    }
    return request.url(query.build()).build();
  }

  private String token(
      Repository repository, HttpAnswer answer, @Nullable RegistryCredential credential) {
    String server = "the token server " + Http.origin(answer.url());
    if (answer.code() >= 400 && answer.code() < 500 && answer.code() != 429) {
      throw refused(repository, server, credential);
    }
    if (!answer.ok()) {
      throw RegistryTrouble.of(server, answer, http.clock());
    }
    JsonNode json = RegistryTrouble.json(server, answer);
    String token = json.path("token").asText(json.path("access_token").asText(""));
    if (token.isEmpty() || !token.matches("[\\x21-\\x7e]+")) {
      throw Upstream.unanswered(server + " answered without a token", "try again later");
    }
    secrets.add(token);
    return token;
  }

  private static DeployException.Blocked refused(
      Repository repository, String server, @Nullable RegistryCredential credential) {
    return credential == null
        ? Upstream.unanswered(
            server + " gives nobody a token to read " + repository.name() + " without a log-in",
            "log in with 'docker login " + repository.registry() + "'")
        : Upstream.unanswered(
            server
                + " refuses the log-in for "
                + repository.registry()
                + " of "
                + credential.source(),
            "log in again with 'docker login " + repository.registry() + "'");
  }
}
