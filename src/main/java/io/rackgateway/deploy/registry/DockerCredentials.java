package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The registry credentials that the {@code docker} command would use: of {@code config.json} in
 * {@code DOCKER_CONFIG} or {@code ~/.docker}, where a helper for one registry ({@code credHelpers})
 * comes before a helper for all ({@code credsStore}), and that before what is written in the file
 * itself ({@code auths}). What is found is hidden from all output.
 */
public final class DockerCredentials {

  private static final Duration HELPER_LIMIT = Duration.ofSeconds(10);
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  /** The name under which Docker keeps the log-in to Docker Hub. */
  private static final String HUB_SERVER = "https://index.docker.io/v1/";

  private final Map<String, String> environment;
  private final CredentialHelper helpers;
  private final Secrets secrets;

  /**
   * @param environment where {@code DOCKER_CONFIG}, {@code HOME} and {@code PATH} are looked up
   * @param commands runs credential helpers
   */
  public DockerCredentials(Map<String, String> environment, Commands commands, Secrets secrets) {
    this(environment, commands, secrets, HELPER_LIMIT);
  }

  DockerCredentials(
      Map<String, String> environment, Commands commands, Secrets secrets, Duration helperLimit) {
    this.environment = Map.copyOf(environment);
    this.helpers =
        new CredentialHelper(environment.getOrDefault("PATH", ""), commands, helperLimit);
    this.secrets = secrets;
  }

  /** The file that is read, whether it exists or not. */
  Path file() {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    if (!folder.isEmpty()) {
      return Path.of(folder, "config.json");
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".docker", "config.json");
  }

  /**
   * The credential for a registry, empty when Docker has none.
   *
   * @param registry as references name it: {@code docker.io}, {@code localhost:5000}
   * @throws DeployException.Blocked if the file is malformed or a helper fails
   */
  Optional<RegistryCredential> find(String registry) throws InterruptedException {
    Path file = file();
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    JsonNode config = read(file);
    String server = registry.equals(Repository.DOCKER_HUB) ? HUB_SERVER : registry;
    String helper = helper(config, server);
    Optional<RegistryCredential> found =
        helper.isEmpty()
            ? new DockerAuths(config.path("auths"), file).find(server)
            : helpers.find(helper, server);
    found.ifPresent(
        credential -> {
          secrets.add(credential.secret());
          secrets.add(credential.basic().substring("Basic ".length()));
        });
    return found;
  }

  /** The helper's name, empty for none; an empty one for a registry turns the general one off. */
  private static String helper(JsonNode config, String server) {
    JsonNode own = DockerAuths.entry(config.path("credHelpers"), server);
    return own.isTextual() ? own.asText() : config.path("credsStore").asText("");
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw malformed(file, "is larger than 4 MB");
      }
      return parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw malformed(file, "cannot be read: " + IoFailure.describe(e));
    }
  }

  /** Jackson's own message may quote the file, and with it a password. */
  private static JsonNode parse(Path file, byte[] text) {
    JsonNode config;
    try {
      config = new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw malformed(file, "is not valid JSON");
    }
    if (!config.isObject()) {
      throw malformed(file, "is not a JSON object");
    }
    return config;
  }

  static DeployException.Blocked malformed(Path file, String how) {
    return Upstream.unanswered(
        "the Docker configuration " + file + " " + how,
        "correct it, or log in again with 'docker login'");
  }
}
