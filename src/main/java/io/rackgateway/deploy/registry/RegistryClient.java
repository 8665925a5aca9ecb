package io.rackgateway.deploy.registry;

import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, asked without credentials first and then as the registry wants it.
 * Not thread-safe.
 */
final class RegistryClient {

  /** Index and manifest, of the OCI image specification and of Docker (schema 2). */
  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json, "
          + "application/vnd.docker.distribution.manifest.list.v2+json, "
          + "application/vnd.oci.image.manifest.v1+json, "
          + "application/vnd.docker.distribution.manifest.v2+json";

  private static final String ANY = "*/*";

  private final Repository repository;
  private final Authorizer authorizer;
  private @Nullable String authorization;

  RegistryClient(Repository repository, Authorizer authorizer) {
    this.repository = repository;
    this.authorizer = authorizer;
  }

  Repository repository() {
    return repository;
  }

  /** The server, as a subject of a sentence. */
  String who() {
    return "the registry " + repository.registry();
  }

  HttpAnswer manifest(Http http, String tagOrDigest) throws InterruptedException {
    return get(http, repository.url("manifests", tagOrDigest), MANIFESTS);
  }

  HttpAnswer blob(Http http, String digest) throws InterruptedException {
    return get(http, repository.url("blobs", digest), ANY);
  }

  /** Any page of the registry itself, such as the next one of a list. */
  HttpAnswer page(Http http, HttpUrl url) throws InterruptedException {
    return get(http, url, "application/json");
  }

  private HttpAnswer get(Http http, HttpUrl url, String accept) throws InterruptedException {
    HttpAnswer answer = http.send(request(url, accept));
    boolean own = Repository.sameOrigin(answer.url(), repository.url());
    if (answer.code() != 401 || !own) {
      return answer;
    }
    Optional<String> fresh = authorizer.authorize(repository, answer);
    if (fresh.isEmpty()) {
      return answer;
    }
    authorization = fresh.get();
    return http.send(request(url, accept));
  }

  private Request request(HttpUrl url, String accept) {
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .header("Accept", accept)
            .header("User-Agent", "rack-gateway-deploy");
    if (authorization != null && Repository.sameOrigin(url, repository.url())) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }
}
