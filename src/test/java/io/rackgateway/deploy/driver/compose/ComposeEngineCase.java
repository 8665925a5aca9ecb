package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.testing.DockerFixture.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A Compose project on a real engine for each test, with one gateway image made. */
@Tag("docker")
abstract class ComposeEngineCase {

  static final ImageSpec CRASHING =
      new ImageSpec().starting("echo APP_SECRET_KEY is missing >&2; exit 7");

  private final ComposeConfig.ComposeTool tool;
  ComposeSandbox sandbox;

  ComposeEngineCase(ComposeConfig.ComposeTool tool) {
    this.tool = tool;
  }

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    sandbox = new ComposeSandbox(folder, tool);
    sandbox.docker.image("v1.0.0");
  }

  @AfterEach
  void end() {
    sandbox.close();
  }

  void running(String tag, String... settings) {
    if (settings.length == 0) {
      sandbox.project(tag).up();
    } else {
      sandbox.project(tag, settings).up();
    }
  }

  static Problem failure(Runnable work) {
    DeployException.StepFailed failed =
        catchThrowableOfType(DeployException.StepFailed.class, work::run);
    assertThat(failed).as("the step fails").isNotNull();
    return failed.problem();
  }
}
