package io.rackgateway.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-ins of Docker's configuration file and of helpers, which are small scripts here. */
class DockerCredentialsTest {

  private static final String SECRET = "open sesame";

  private Path home = Path.of("");
  private Path bin = Path.of("");
  private final Secrets secrets = new Secrets();

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    home = folder;
    bin = Files.createDirectory(folder.resolve("bin"));
    Files.createDirectory(folder.resolve(".docker"));
  }

  private DockerCredentials credentials(Duration helperLimit) {
    return new DockerCredentials(
        Map.of("HOME", home.toString(), "PATH", "/nowhere::" + bin),
        new SystemCommands(ProcessBuilder::new, new Cancellation(), Map::of),
        secrets,
        helperLimit);
  }

  private Optional<RegistryCredential> find(String registry) throws InterruptedException {
    return credentials(Duration.ofSeconds(20)).find(registry);
  }

  private String problem(String registry) {
    DeployException.Blocked blocked =
        catchThrowableOfType(DeployException.Blocked.class, () -> find(registry));
    assertThat(blocked).as("a clear problem").isNotNull();
    assertThat(blocked.problem().summary()).doesNotContain(SECRET);
    return blocked.problem().summary();
  }

  private void config(String json) throws IOException {
    Files.writeString(home.resolve(".docker/config.json"), json);
  }

  private static String auth(String registry) {
    String pair = "ci:" + SECRET;
    return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
        .formatted(
            registry, Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private void helper(String name, String script) throws IOException {
    Path file = bin.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static RegistryCredential passwordOf(Path source) {
    return new RegistryCredential("ci", SECRET, false, source.toString());
  }

  @Test
  void aMissingFileHoldsNoLogIn() throws InterruptedException {
    assertThat(find("docker.io")).isEmpty();
  }

  @Test
  void theFileMayBeElsewhere() throws IOException, InterruptedException {
    Path folder = Files.createDirectory(home.resolve("ci"));
    Files.writeString(folder.resolve("config.json"), auth("ghcr.io"));
    DockerCredentials elsewhere =
        new DockerCredentials(
            Map.of("HOME", home.toString(), "DOCKER_CONFIG", folder.toString()),
            new SystemCommands(ProcessBuilder::new, new Cancellation(), Map::of),
            secrets);

    assertThat(elsewhere.find("ghcr.io")).contains(passwordOf(folder.resolve("config.json")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io:5000",
        "https://ghcr.io:5000",
        "http://ghcr.io:5000/v1/",
        "ghcr.io:5000/"
      })
  void aRegistryIsFoundWithAndWithoutSchemeAndPath(String key)
      throws IOException, InterruptedException {
    config(auth(key));

    assertThat(find("ghcr.io:5000")).contains(passwordOf(home.resolve(".docker/config.json")));
    assertThat(find("ghcr.io")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://index.docker.io/v1/", "index.docker.io", "docker.io"})
  void dockerHubIsFoundUnderEachOfItsNames(String key) throws IOException, InterruptedException {
    config(auth(key));

    assertThat(find("docker.io")).isPresent();
  }

  @Test
  void userAndPasswordMayBeWrittenOut() throws IOException, InterruptedException {
    config("{\"auths\":{\"ghcr.io\":{\"username\":\"ci\",\"password\":\"" + SECRET + "\"}}}");

    assertThat(find("ghcr.io")).contains(passwordOf(home.resolve(".docker/config.json")));
  }

  @Test
  void anIdentityTokenIsNoPassword() throws IOException, InterruptedException {
    config("{\"auths\":{\"ghcr.io\":{\"auth\":\"Y2k6\",\"identitytoken\":\"" + SECRET + "\"}}}");

    assertThat(find("ghcr.io"))
        .hasValueSatisfying(found -> assertThat(found.identityToken()).isTrue());
  }

  @Test
  void anEmptyEntryHoldsNoLogIn() throws IOException, InterruptedException {
    config("{\"auths\":{\"ghcr.io\":{}}}");

    assertThat(find("ghcr.io")).isEmpty();
  }

  @Test
  void whatIsFoundIsHidden() throws IOException, InterruptedException {
    config(auth("ghcr.io"));

    String basic = find("ghcr.io").orElseThrow().basic();

    assertThat(secrets.mask(SECRET + " and " + basic)).isEqualTo("**** and Basic ****");
    assertThat(find("ghcr.io").toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"auths\":[]}",
        "{\"auths\":{\"ghcr.io\":{\"auth\":\"open sesame\"}}}",
        "{\"auths\":{\"ghcr.io\":{\"auth\":\"b3BlbiBzZXNhbWU=\"}}}",
        "{\"auths\":{\"ghcr.io\":{\"password\":open sesame}}}"
      })
  void aMalformedFileIsNamed(String text) throws IOException {
    config(text);

    assertThat(problem("ghcr.io")).contains(home.resolve(".docker/config.json").toString());
  }

  @Test
  void aHelperOfOneRegistryIsAskedForIt() throws IOException, InterruptedException {
    config("{\"credHelpers\":{\"ghcr.io\":\"one\"},\"credsStore\":\"all\"}");
    helper(
        "one",
        """
        read -r server
        [ "$1 $server" = "get ghcr.io" ] || exit 9
        echo '{"ServerURL":"ghcr.io","Username":"ci","Secret":"open sesame"}'
        """);

    assertThat(find("ghcr.io"))
        .contains(new RegistryCredential("ci", SECRET, false, "docker-credential-one"));
    assertThat(secrets.mask(SECRET)).isEqualTo("****");
  }

  @Test
  void theHelperOfAllRegistriesIsAskedForDockerHubByItsOldName()
      throws IOException, InterruptedException {
    config("{\"credsStore\":\"all\",\"auths\":{\"https://index.docker.io/v1/\":{}}}");
    helper(
        "all",
        """
        server=$(cat)
        echo "{\\"Username\\":\\"$server\\",\\"Secret\\":\\"open sesame\\"}"
        """);

    assertThat(find("docker.io").orElseThrow().username()).isEqualTo("https://index.docker.io/v1/");
  }

  @Test
  void anEmptyHelperOfOneRegistryMeansTheFile() throws IOException, InterruptedException {
    config(
        auth("ghcr.io")
            .replaceFirst("\\{", "{\"credsStore\":\"all\",\"credHelpers\":{\"ghcr.io\":\"\"},"));

    assertThat(find("ghcr.io")).contains(passwordOf(home.resolve(".docker/config.json")));
  }

  @Test
  void aHelperMayHoldAnIdentityToken() throws IOException, InterruptedException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo '{\"Username\":\"<token>\",\"Secret\":\"open sesame\"}'");

    assertThat(find("ghcr.io").orElseThrow().identityToken()).isTrue();
  }

  @Test
  void aHelperWithoutALogInIsNoTrouble() throws IOException, InterruptedException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo 'credentials not found in native keychain'; exit 1");

    assertThat(find("ghcr.io")).isEmpty();
  }

  @Test
  void aHelperThatFailsIsNamedWithItsReason() throws IOException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo 'the key store is locked' >&2; exit 1");

    assertThat(problem("ghcr.io"))
        .isEqualTo("docker-credential-all has no log-in for ghcr.io: the key store is locked");
  }

  @Test
  void aHelperThatFailsAfterItPrintedASecretDoesNotShowIt() throws IOException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo '{\"Username\":\"ci\",\"Secret\":\"open sesame\"}'; exit 3");

    assertThat(problem("ghcr.io")).endsWith("exit code 3");
  }

  @Test
  void aHelperThatPrintsSomethingElseIsNamed() throws IOException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo 'Secret: open sesame'");

    assertThat(problem("ghcr.io"))
        .isEqualTo("docker-credential-all printed something that is not JSON");
  }

  @Test
  void aHelperThatIsNotInstalledIsNamed() throws IOException {
    config("{\"credsStore\":\"desktop\"}");

    assertThat(problem("ghcr.io"))
        .isEqualTo("the credential helper docker-credential-desktop is not on the PATH");
  }

  @Test
  void aHelperIsNoPath() throws IOException {
    config("{\"credsStore\":\"x/../../evil\"}");

    assertThat(problem("ghcr.io")).isEqualTo("'x/../../evil' is no name of a credential helper");
  }

  @Test
  void aHelperThatHangsIsEndedAndNamed() throws IOException {
    config("{\"credsStore\":\"all\"}");
    helper("all", "echo '{\"Secret\":\"open sesame\"'; exec sleep 600");

    DeployException.Blocked blocked =
        catchThrowableOfType(
            DeployException.Blocked.class,
            () -> credentials(Duration.ofSeconds(1)).find("ghcr.io"));

    assertThat(blocked).isNotNull();
    assertThat(blocked.problem().summary())
        .contains("docker-credential-all", "did not answer within 1 s");
    assertThat(blocked.problem().details()).isEmpty();
  }
}
