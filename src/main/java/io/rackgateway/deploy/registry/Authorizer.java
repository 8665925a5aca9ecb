package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.event.Secrets;
import java.util.Optional;
import okhttp3.Challenge;
import org.jspecify.annotations.Nullable;

/** Answers a registry that wants to know who asks. */
final class Authorizer {

  private final DockerCredentials credentials;
  private final TokenServer tokens;

  Authorizer(Http http, DockerCredentials credentials, Secrets secrets) {
    this.credentials = credentials;
    this.tokens = new TokenServer(http, secrets);
  }

  /**
   * The value of an {@code Authorization} header that should do, empty when there is none.
   *
   * @param refusal the registry's 401
   */
  Optional<String> authorize(Repository repository, HttpAnswer refusal)
      throws InterruptedException {
    Challenge bearer = challenge(refusal, "Bearer");
    if (bearer != null) {
      Optional<RegistryCredential> credential = credentials.find(repository.registry());
      return Optional.of(tokens.fetch(repository, bearer, credential.orElse(null)));
    }
    if (challenge(refusal, "Basic") != null && Repository.isPrivate(refusal.url())) {
      return credentials
          .find(repository.registry())
          .filter(credential -> !credential.identityToken())
          .map(RegistryCredential::basic);
    }
    return Optional.empty();
  }

  /** Why it may be that the repository cannot be read, for messages. */
  String standing(Repository repository) throws InterruptedException {
    return credentials
        .find(repository.registry())
        .map(credential -> credential + " may not read it")
        .orElse(credentials.file() + " has no log-in for " + repository.registry());
  }

  private static @Nullable Challenge challenge(HttpAnswer refusal, String scheme) {
    return refusal.challenges().stream()
        .filter(challenge -> challenge.scheme().equalsIgnoreCase(scheme))
        .findFirst()
        .orElse(null);
  }
}
