package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The section {@code auths} of Docker's configuration, by registry. */
final class DockerAuths {

  private final JsonNode auths;
  private final Path file;

  DockerAuths(JsonNode auths, Path file) {
    this.auths = auths;
    this.file = file;
  }

  Optional<RegistryCredential> find(String server) {
    if (!auths.isMissingNode() && !auths.isNull() && !auths.isObject()) {
      throw DockerCredentials.malformed(file, "has no JSON object in 'auths'");
    }
    JsonNode entry = entry(auths, server);
    String identityToken = entry.path("identitytoken").asText("");
    if (!identityToken.isEmpty()) {
      return Optional.of(credential("<token>", identityToken, true));
    }
    String auth = entry.path("auth").asText("");
    if (!auth.isEmpty()) {
      return Optional.of(decoded(auth, server));
    }
    String username = entry.path("username").asText("");
    String password = entry.path("password").asText("");
    return username.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(credential(username, password, false));
  }

  /**
   * What a section says of a server: under its very name, else under one that differs in scheme and
   * path alone.
   */
  static JsonNode entry(JsonNode section, String server) {
    if (section.has(server)) {
      return section.get(server);
    }
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      if (host(entry.getKey()).equals(host(server))) {
        return entry.getValue();
      }
    }
    return MissingNode.getInstance();
  }

  /** Docker Hub's log-in is kept under the host of its index; other tools call it docker.io. */
  private static String host(String server) {
    String host = server.replaceFirst("^https?://", "").replaceFirst("/.*", "");
    return host.equals("index.docker.io") ? Repository.DOCKER_HUB : host;
  }

  /** {@code user:password} in Base64; some versions of Docker filled it up with NUL. */
  private RegistryCredential decoded(String auth, String server) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw DockerCredentials.malformed(file, "has an 'auth' of " + server + " that is not Base64");
    }
    int colon = pair.indexOf(':');
    if (colon <= 0) {
      throw DockerCredentials.malformed(
          file, "has an 'auth' of " + server + " that is not a user and a password");
    }
    String password = pair.substring(colon + 1).replaceAll("\\u0000+$", "");
    return credential(pair.substring(0, colon), password, false);
  }

  private RegistryCredential credential(String username, String secret, boolean identityToken) {
    return new RegistryCredential(username, secret, identityToken, file.toString());
  }
}
