package io.rackgateway.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.RegistryStandIn;
import io.rackgateway.deploy.testing.TinyImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate makes of what a registry tells. */
class ImageGateTest {

  private static final TinyImage BOTH = TinyImage.index("linux/amd64", "linux/arm64");
  private static final TinyImage OTHER = TinyImage.oci("linux/amd64/v2");
  private static final String ON_HOST = "; the image is on the host already and would be used";

  private RegistryStandIn registry;
  private ImageGate gate;
  private String image = "";

  private @Nullable String platform = "linux/amd64";
  private boolean onHost;
  private @Nullable String digest;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    registry = new RegistryStandIn().hold(BOTH, "gateway", "v1.2.0");
    gate = new ImageGate(new Lookups(folder).registry());
    image = registry.address() + "/gateway:v1.2.0";
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private GateAnswer answer(String reference) throws InterruptedException {
    return gate.answer(
        new GateContext(
            new Observation("compose", "here", reference, null, List.of()),
            new Surroundings(null, platform, onHost, null, List.of()),
            Version.parse("v1.1.0"),
            Version.parse("v1.2.0"),
            digest,
            new DriverPlan(
                null, reference, Strategy.RECREATE, List.of(), List.of(), List.of(), "", ""),
            SchemaState.of(List.of()),
            false));
  }

  private Gate gate(String reference) throws InterruptedException {
    return answer(reference).gate();
  }

  private static void isFinal(Gate gate) {
    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.acknowledge()).isEmpty();
  }

  @Test
  void passesAnImageThatIsThereForTheHost() throws InterruptedException {
    GateAnswer answer = answer(image);

    String brief = BOTH.digest().substring(0, "sha256:".length() + 12) + "…";
    assertThat(answer.gate().result()).isEqualTo(Gate.Result.PASS);
    assertThat(answer.gate().name()).isEqualTo("image");
    assertThat(answer.gate().evidence())
        .isEqualTo(image + " is " + brief + " for linux/amd64, linux/arm64");
    assertThat(answer.gate().details()).containsExactly("digest " + BOTH.digest());
    assertThat(answer.outlook().image())
        .isEqualTo(new ImageFacts(image, BOTH.digest(), List.of("linux/amd64", "linux/arm64")));
  }

  @Test
  void blocksAnImageForOtherPlatformsUntilItIsAcceptedForThisVersion() throws InterruptedException {
    platform = "linux/s390x";

    Gate blocked = gate(image);

    assertThat(blocked.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(blocked.evidence()).endsWith(", but the host runs linux/s390x");
    assertThat(blocked.accepting(List.of("v1.1.0")).result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(blocked.accepting(List.of("v1.2.0")).result()).isEqualTo(Gate.Result.WARN);
  }

  @Test
  void warnsWhereItIsNotKnownWhatTheHostRuns() throws InterruptedException {
    platform = null;

    assertThat(gate(image).result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate(image).evidence()).endsWith("; what the host runs is not known");
  }

  @Test
  void blocksAnImageThatIsNotThere() throws InterruptedException {
    Gate absent = gate(registry.address() + "/gateway:v1.2.9");

    isFinal(absent);
    assertThat(absent.evidence())
        .isEqualTo("v1.2.9 is not in " + registry.address() + "/gateway; near it: v1.2.0");
  }

  @Test
  void warnsOfAnImageThatOnlyTheHostHas() throws InterruptedException {
    onHost = true;

    Gate absent = gate(registry.address() + "/gateway:v9.9.9");

    assertThat(absent.result()).isEqualTo(Gate.Result.WARN);
    assertThat(absent.evidence()).contains("v9.9.9 is not in ").endsWith(ON_HOST);
  }

  @Test
  void passesTheDigestThatWasAskedFor() throws InterruptedException {
    digest = BOTH.digest();

    assertThat(gate(image).result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate(image + "@" + digest).result()).isEqualTo(Gate.Result.PASS);
  }

  @Test
  void warnsWhenTheTagNamesAnotherDigestByNow() throws InterruptedException {
    digest = BOTH.digest();
    registry.hold(OTHER, "gateway", "v1.2.0");

    Gate moved = gate(image);

    assertThat(moved.result()).isEqualTo(Gate.Result.WARN);
    assertThat(moved.details())
        .containsExactly("digest " + BOTH.digest(), "the tag names " + OTHER.digest());
  }

  @Test
  void blocksWhenTheDigestThatWasAskedForIsNotThere() throws InterruptedException {
    digest = OTHER.digest();

    Gate absent = gate(image);

    isFinal(absent);
    assertThat(absent.evidence()).contains(OTHER.digest(), "whose tag v1.2.0 names", BOTH.digest());
  }

  @Test
  void blocksWhenThePlanWouldRunAnotherDigestThanWasAskedFor() throws InterruptedException {
    digest = OTHER.digest();

    isFinal(gate(image + "@" + BOTH.digest()));
  }

  @Test
  void blocksARegistryThatLiesEvenIfTheHostHasTheImage() throws InterruptedException {
    onHost = true;
    registry.claimDigest(OTHER.digest());

    isFinal(gate(image));
  }

  @Test
  void doesNotAnswerWithoutTheRegistry() {
    registry.close();

    assertThatThrownBy(() -> gate(image))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("the registry could not be asked: http://" + registry.address());
  }

  @Test
  void warnsWithoutTheRegistryWhenTheHostHasTheImage() throws InterruptedException {
    onHost = true;
    registry.close();

    Gate warned = gate(image);

    assertThat(warned.result()).isEqualTo(Gate.Result.WARN);
    assertThat(warned.evidence()).startsWith("the registry could not be asked: ").endsWith(ON_HOST);
  }

  @Test
  void doesNotAnswerForWhatIsNoImage() {
    assertThatThrownBy(() -> gate("./release v1.2.0"))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("is not an image reference");
  }
}
