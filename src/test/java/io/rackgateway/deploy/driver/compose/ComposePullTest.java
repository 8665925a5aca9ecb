package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.ImageRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that come from a real registry. */
@Tag("docker")
@Tag("registry")
@Tag("composev2")
class ComposePullTest {

  private ImageRegistry registry;
  private ComposeSandbox sandbox;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException, InterruptedException {
    registry = ImageRegistry.start(Files.createDirectory(folder.resolve("registry")));
    sandbox = new ComposeSandbox(folder, ComposeConfig.ComposeTool.V2);
    sandbox.docker.use(registry);
    push("v1.0.0");
    push("v1.1.0");
    sandbox.project("v1.0.0").up();
  }

  @AfterEach
  void end() {
    sandbox.close();
    registry.close();
  }

  private String push(String tag) {
    String reference = sandbox.docker.image(tag);
    sandbox.docker.docker("push", "--quiet", reference);
    return reference;
  }

  private String digest(String reference) {
    String full =
        sandbox.docker.docker(
            "image", "inspect", "--format", "{{index .RepoDigests 0}}", reference);
    return full.substring(full.indexOf('@') + 1);
  }

  @Test
  void fetchesTheImageFromTheRegistry() {
    String next = sandbox.docker.repository() + ":v1.1.0";
    String id = sandbox.docker.imageId(next);
    sandbox.docker.docker("image", "rm", next);

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.Image}}")).containsExactly(id);
    assertThat(sandbox.notices()).isEmpty();
  }

  @Test
  void fetchesTheImageAgainWhenTheRegistryHasANewerOneOfThatTag() {
    String stale = sandbox.docker.imageId(sandbox.docker.repository() + ":v1.1.0");
    String fresh = sandbox.docker.imageId(push("v1.1.0"));
    sandbox.docker.docker("tag", stale, sandbox.docker.repository() + ":v1.1.0");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.Image}}")).containsExactly(fresh);
  }

  @Test
  void goesOnWithTheLocalImageWhenTheRegistryIsAway() {
    registry.close();

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.notices())
        .singleElement()
        .asString()
        .contains(sandbox.docker.repository() + ":v1.1.0", "could not be pulled");
  }

  @Test
  void saysWhenTheVersionWasNotPublished() {
    assertThatThrownBy(
            () ->
                sandbox.upgrade(
                    sandbox.deployment(new Target(Version.parse("v9.9.9"), null, true))))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(":v9.9.9 cannot be pulled")
        .satisfies(
            e -> assertThat(((DeployException) e).problem().next()).contains("has been published"));
  }

  @Test
  void pinsToADigestAndComesBack() {
    String digest = digest(sandbox.docker.repository() + ":v1.1.0");
    String file = sandbox.read("compose.yaml");
    Deployment deployment = sandbox.deployment(new Target(ComposeSandbox.NEXT, digest, true));

    sandbox.upgrade(deployment);

    assertThat(sandbox.read("compose.yaml")).contains(":v1.1.0@" + digest);
    assertThat(sandbox.answer()).endsWith(":v1.1.0");
    sandbox.rollBack(deployment);
    assertThat(sandbox.read("compose.yaml")).isEqualTo(file);
    assertThat(sandbox.answer()).endsWith(":v1.0.0");
  }

  @Test
  void refusesADigestThatTheRegistryDoesNotHave() {
    Target target = new Target(ComposeSandbox.NEXT, "sha256:" + "0".repeat(64), true);

    assertThatThrownBy(() -> sandbox.upgrade(sandbox.deployment(target)))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("cannot be pulled");
  }

  @Test
  void fetchesThePreviousImageAgainWhenItIsGoneFromTheMachine() {
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    sandbox.docker.docker("image", "rm", deployment.plan().fromReference());

    sandbox.rollBack(deployment);

    assertThat(sandbox.containers("{{.Image}}")).containsExactly(deployment.plan().fromImage());
  }

  @Test
  void saysWhenTheTagOfTheLostPreviousImageNamesAnotherByNow() {
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    String other = sandbox.docker.imageId(push("v1.0.0"));
    sandbox.docker.docker("image", "rm", "--force", deployment.plan().fromImage());

    assertThatThrownBy(() -> sandbox.rollBack(deployment))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("is gone from this machine")
        .hasMessageContaining("now names another, " + other);
  }

  @Test
  void aMarkKeepsThePreviousImageFromPruning() {
    Deployment deployment = sandbox.deployment();
    sandbox.driver().placeMark(new Mark(deployment.run(), "me", Instant.EPOCH, "{}"));
    sandbox.upgrade(deployment);

    sandbox.docker.docker(
        "image",
        "prune",
        "--all",
        "--force",
        "--filter",
        "label=rgd-test=" + sandbox.docker.name());

    assertThat(sandbox.docker.imageId(deployment.plan().fromImage())).isNotEmpty();
  }
}
