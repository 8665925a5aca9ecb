package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.model.ImageReference;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Where the images of a reference are, by Docker's rules for short names: a first part with a dot,
 * a port or upper case, or {@code localhost}, is a registry; anything else is of Docker Hub, whose
 * names without an owner belong to {@code library}.
 *
 * @param registry as references name it: {@code docker.io}, {@code localhost:5000}
 * @param path the repository's name within the registry
 */
record Repository(String registry, String path) {

  static final String DOCKER_HUB = "docker.io";

  private static final String DOCKER_HUB_API = "registry-1.docker.io";
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|\\[::1]");

  /**
   * @throws IllegalArgumentException if the reference names no possible host
   */
  static Repository of(ImageReference reference) {
    String text = reference.repository();
    int slash = text.indexOf('/');
    boolean qualified = slash > 0 && namesHost(text.substring(0, slash));
    String registry = qualified ? text.substring(0, slash) : DOCKER_HUB;
    String path = qualified ? text.substring(slash + 1) : text;
    if (registry.equals(DOCKER_HUB) || registry.equals("index." + DOCKER_HUB)) {
      return new Repository(DOCKER_HUB, path.contains("/") ? path : "library/" + path);
    }
    Repository repository = new Repository(registry, path);
    if (HttpUrl.parse(repository.base()) == null) {
      throw new IllegalArgumentException("'" + registry + "' is not the address of a registry");
    }
    return repository;
  }

  private static boolean namesHost(String first) {
    return first.contains(".")
        || first.contains(":")
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  boolean onDockerHub() {
    return registry.equals(DOCKER_HUB);
  }

  /** The full name, {@code docker.io/library/postgres}. */
  String name() {
    return registry + "/" + path;
  }

  /** The full name with a tag or digest. */
  String name(String tagOrDigest) {
    return name() + (tagOrDigest.contains(":") ? "@" : ":") + tagOrDigest;
  }

  /** An address in the registry, {@code /v2/<path>/<rest>}. */
  HttpUrl url(String... rest) {
    return HttpUrl.get(base())
        .newBuilder()
        .addPathSegment("v2")
        .addPathSegments(path)
        .addPathSegments(String.join("/", rest))
        .build();
  }

  private String base() {
    String host = onDockerHub() ? DOCKER_HUB_API : registry;
    String name = host.replaceFirst(":[0-9]+$", "");
    return (isLoopback(name) ? "http://" : "https://") + host + "/";
  }

  /** Whether a host is this machine by its very name, so that plain HTTP to it leaves nothing. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  /** Whether what is sent there cannot be read on the way. */
  static boolean isPrivate(HttpUrl url) {
    return url.isHttps() || isLoopback(url.host());
  }

  static boolean sameOrigin(HttpUrl one, HttpUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }
}
