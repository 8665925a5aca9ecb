package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong before any gateway is looked at: exit code 2, and nothing is made. */
class UsageIT {

  private static final String GATEWAY =
      "gateway: {name: production, url: 'http://127.0.0.1:9', apiToken: '${TOKEN}'}\n";
  private static final String HOST =
      "deploy: {host: {directory: gateway, command: [./rack-gateway-api]}}\n";

  @TempDir Path folder;

  private Path work;
  private Tool tool;

  @BeforeEach
  void begin() throws Exception {
    work = Files.createDirectory(folder.resolve("work"));
    tool = new Tool(work, folder.resolve("said"), Map.of("TOKEN", "rgw_usage_0123456789"));
  }

  @AfterEach
  void end() {
    tool.close();
  }

  private void configure(String text) throws Exception {
    Files.writeString(work.resolve("rack-gateway.yml"), text);
  }

  private void assertNothingMade(String... files) throws Exception {
    assertThat(HostSite.names(work)).containsExactly(files);
  }

  @Test
  void withoutAConfigurationAnExampleIsShown() throws Exception {
    Ended ended = tool.run("upgrade", "--to", "v1.1.0").withExitCode(2);

    ended.saying("there is no configuration file rack-gateway.yml").advising("--config");
    assertThat(ended.err()).contains("apiToken: ${RACK_GATEWAY_API_TOKEN}");
    assertNothingMade();
  }

  @Test
  void anUnknownKeyIsToldWithItsPlaceAndTheNearestOne() throws Exception {
    configure(GATEWAY + HOST + "verfy: {timeout: 3s}\n");

    tool.run("upgrade", "--to", "v1.1.0")
        .withExitCode(2)
        .saying("rack-gateway.yml:3:1", "'verfy'", "did you mean 'verify'?");
    assertNothingMade("rack-gateway.yml");
  }

  @Test
  void twoPlatformsAreOneTooMany() throws Exception {
    configure(
        GATEWAY
            + "deploy:\n  host: {directory: gateway, command: [./a]}\n  compose: {service: gateway}\n");

    tool.run("plan", "--to", "v1.1.0")
        .withExitCode(2)
        .saying("rack-gateway.yml:", "deploy", "compose", "host");
    assertNothingMade("rack-gateway.yml");
  }

  @Test
  void aMissingVariableIsNamed() throws Exception {
    configure(GATEWAY + HOST);

    tool.run(Map.of("TOKEN", ""), "upgrade", "--to", "v1.1.0")
        .withExitCode(2)
        .saying("rack-gateway.yml:1:", "gateway.apiToken", "TOKEN", "not set")
        .advising("set TOKEN");
    assertNothingMade("rack-gateway.yml");
  }

  @Test
  void aGatewayFolderThatIsNotThereIsNamed() throws Exception {
    configure(GATEWAY + HOST);

    tool.run("upgrade", "--to", "v1.1.0")
        .withExitCode(2)
        .saying(work.toRealPath().resolve("gateway") + " does not exist")
        .advising("deploy.host.directory");
  }

  @Test
  void anUnknownOptionGetsASuggestion() throws Exception {
    Ended ended = tool.run("upgrade", "--plann", "x.json").withExitCode(2);

    ended.saying("--plann").advising("rack-gateway-deploy upgrade --help");
    assertThat(ended.err()).contains("--plan");
  }

  @Test
  void anUnknownCommandGetsASuggestion() throws Exception {
    Ended ended = tool.run("upgrad").withExitCode(2);

    ended.saying("upgrad").advising("--help");
    assertThat(ended.err()).contains("upgrade");
  }

  @Test
  void noCommandIsWrongUsage() throws Exception {
    tool.run().withExitCode(2).saying("no command").advising("--help");
  }

  @Test
  void aVersionThatIsNoneIsNamed() throws Exception {
    configure(GATEWAY + HOST);

    tool.run("upgrade", "--to", "newest")
        .withExitCode(2)
        .saying("--to 'newest' is not a version")
        .advising("v1.2.0");
    assertNothingMade("rack-gateway.yml");
  }

  @Test
  void anUpgradeNeedsToKnowWhereTo() throws Exception {
    configure(GATEWAY + HOST);

    tool.run("upgrade").withExitCode(2).saying("--to", "--plan");
    assertNothingMade("rack-gateway.yml");
  }

  @Test
  void failuresAreJsonToo() throws Exception {
    Ended ended = tool.run("upgrade", "--to", "v1.1.0", "--json").withExitCode(2);

    assertThat(ended.json().path("outcome").asText()).isEqualTo("usage");
    assertThat(ended.json().path("exitCode").asInt()).isEqualTo(2);
    assertThat(ended.json().path("message").asText()).contains("rack-gateway.yml");
    assertThat(ended.json().path("next").asText()).isNotEmpty();
  }

  @Test
  void tellsItsVersion() throws Exception {
    for (String word : List.of("version", "--version")) {
      Ended ended = tool.run(word).withExitCode(0);
      assertThat(ended.out()).matches("rack-gateway-deploy \\d+\\.\\d+\\.\\d+\\S*\\n");
      assertThat(ended.err()).isEmpty();
    }
  }

  @Test
  void helpsWithEachCommand() throws Exception {
    assertThat(tool.run("--help").withExitCode(0).out())
        .contains("upgrade", "resume", "Exit codes");
    assertThat(tool.run("upgrade", "--help").withExitCode(0).out()).contains("--plan", "--events");
  }

  @Test
  void bashAcceptsTheCompletion() throws Exception {
    Ended ended = tool.run("completion").withExitCode(0);

    Path script = Files.writeString(folder.resolve("completion.bash"), ended.out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                "bash -n \"$1\" && source \"$1\" && complete -p rack-gateway-deploy",
                "bash",
                script.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(said).isZero();
    assertThat(said).contains("complete").contains("rack-gateway-deploy");
    assertThat(ended.err()).isEmpty();
  }
}
