package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.model.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("docker")
class GatewayImagesTest {

  @TempDir Path folder;

  @Test
  void anImageRunsTheStandInByTheCommandThatTheGatewaysOwnImageHas() throws Exception {
    String reference = "rgd-test-stand-in:v0.9.0";
    DemoRelease release = DemoRelease.of(Version.parse("v0.9.0"), 6, "none");
    GatewayImages.build(release, System.getenv("RGD_TEST_JRE_IMAGE"), reference, folder);
    try {
      String said = docker("run", "--rm", reference, "./rack-gateway-api", "migrate", "--verbose");
      assertThat(said).contains("'migrate' command does not accept arguments");
    } finally {
      docker("image", "rm", "--force", reference);
    }
  }

  private static String docker(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
