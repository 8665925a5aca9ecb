package io.rackgateway.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import okhttp3.OkHttpClient;

/** Looks images up with a Docker configuration of the test's own, which is empty at first. */
final class Lookups {

  final Path config;
  final Secrets secrets = new Secrets();
  OkHttpClient client = new OkHttpClient();

  /**
   * @param folder where Docker's configuration goes
   */
  Lookups(Path folder) {
    this.config = folder.resolve("config.json");
  }

  /** Knows a user and password for a registry from now on. */
  Lookups logIn(String registry, String user, String password) {
    String pair = user + ":" + password;
    String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return configure("{\"auths\":{\"" + registry + "\":{\"auth\":\"" + auth + "\"}}}");
  }

  Lookups configure(String json) {
    try {
      Files.writeString(config, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  ImageRegistry registry() {
    DockerCredentials credentials =
        new DockerCredentials(
            Map.of("DOCKER_CONFIG", String.valueOf(config.getParent()), "PATH", ""),
            new SystemCommands(ProcessBuilder::new, new Cancellation(), Map::of),
            secrets);
    return new ImageRegistry(client, credentials, secrets, Clock.systemUTC());
  }

  ImageAnswer lookUp(String reference) throws InterruptedException {
    return registry().lookUp(ImageReference.parse(reference));
  }

  ImageAnswer.Found found(String reference) throws InterruptedException {
    ImageAnswer answer = lookUp(reference);
    assertThat(answer).isInstanceOf(ImageAnswer.Found.class);
    return (ImageAnswer.Found) answer;
  }

  /** Why the question could not be answered. */
  Problem problem(String reference) {
    DeployException.Blocked blocked =
        catchThrowableOfType(DeployException.Blocked.class, () -> lookUp(reference));
    assertThat(blocked).as("a question that cannot be answered").isNotNull();
    return blocked.problem();
  }
}
