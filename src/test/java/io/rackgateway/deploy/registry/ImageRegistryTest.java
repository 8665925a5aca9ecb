package io.rackgateway.deploy.registry;

import static io.rackgateway.deploy.testing.ImageRegistry.PASSWORD;
import static io.rackgateway.deploy.testing.ImageRegistry.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.ImagePush;
import io.rackgateway.deploy.testing.TinyImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images in a real registry, one that is open and one that wants a password. */
@Tag("registry")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageRegistryTest {

  private static final TinyImage BOTH = TinyImage.index("linux/amd64", "linux/arm64/v8");
  private static final TinyImage OLD = TinyImage.oci("linux/amd64");

  private io.rackgateway.deploy.testing.ImageRegistry open;
  private io.rackgateway.deploy.testing.ImageRegistry closed;
  private String repository = "";
  private Lookups lookups;

  @BeforeAll
  void push(@TempDir Path folder) throws IOException, InterruptedException {
    lookups = new Lookups(folder);
    open =
        io.rackgateway.deploy.testing.ImageRegistry.start(
            Files.createDirectory(folder.resolve("open")));
    closed =
        io.rackgateway.deploy.testing.ImageRegistry.startWithPassword(
            Files.createDirectory(folder.resolve("closed")));
    repository = open.address() + "/acme/gateway";
    ImagePush push = new ImagePush(open.address());
    push.push(BOTH, "acme/gateway", "v1.2.0");
    push.push(OLD, "acme/gateway", "v1.1.0");
    push.push(OLD, "acme/gateway", "v1.10.0");
    push.push(OLD, "acme/gateway", "v1.0.0");
    push.push(OLD, "acme/gateway", "v1.3.0");
    push.push(OLD, "acme/gateway", "latest");
    push.push(TinyImage.docker("linux/arm/v6"), "acme/gateway", "single");
    push.push(TinyImage.dockerList("linux/amd64", "linux/s390x"), "acme/gateway", "list");
    push.push(
        TinyImage.indexWithoutPlatforms("linux/amd64", "linux/arm64"), "acme/gateway", "bare");
    new ImagePush(closed.address()).push(OLD, "acme/gateway", "v1.2.0");
  }

  @AfterAll
  void end() {
    open.close();
    closed.close();
  }

  @Test
  void tellsDigestAndPlatformsOfAnIndexWithoutItsAttestations() throws InterruptedException {
    ImageAnswer.Found found = lookups.found(repository + ":v1.2.0");

    assertThat(found.facts().reference()).isEqualTo(repository + ":v1.2.0");
    assertThat(found.facts().digest()).isEqualTo(BOTH.digest());
    assertThat(found.facts().platforms()).containsExactly("linux/amd64", "linux/arm64/v8");
    assertThat(found.movedTo()).isNull();
  }

  @Test
  void tellsThePlatformOfASingleImageFromItsConfiguration() throws InterruptedException {
    ImageAnswer.Found found = lookups.found(repository + ":single");

    assertThat(found.facts().digest()).isEqualTo(TinyImage.docker("linux/arm/v6").digest());
    assertThat(found.facts().platforms()).containsExactly("linux/arm/v6");
  }

  @Test
  void readsDockersManifestLists() throws InterruptedException {
    assertThat(lookups.found(repository + ":list").facts().platforms())
        .containsExactly("linux/amd64", "linux/s390x");
  }

  @Test
  void looksIntoTheImagesOfAnIndexThatNamesNoPlatforms() throws InterruptedException {
    assertThat(lookups.found(repository + ":bare").facts().platforms())
        .containsExactly("linux/amd64", "linux/arm64");
  }

  @Test
  void takesLatestWhereNoTagIsGiven() throws InterruptedException {
    assertThat(lookups.found(repository).facts().digest()).isEqualTo(OLD.digest());
  }

  @Test
  void looksUpByDigest() throws InterruptedException {
    ImageAnswer.Found found = lookups.found(repository + "@" + BOTH.digest());

    assertThat(found.facts().digest()).isEqualTo(BOTH.digest());
    assertThat(found.movedTo()).isNull();
  }

  @Test
  void saysWhenTheTagNamesAnotherImageThanTheDigest() throws InterruptedException {
    ImageAnswer.Found found = lookups.found(repository + ":v1.1.0@" + BOTH.digest());

    assertThat(found.facts().digest()).isEqualTo(BOTH.digest());
    assertThat(found.movedTo()).isEqualTo(OLD.digest());
  }

  @Test
  void namesTheVersionsNearATagThatIsNotThere() throws InterruptedException {
    assertThat(lookups.lookUp(repository + ":v1.2.9"))
        .isEqualTo(
            new ImageAnswer.Absent(
                "v1.2.9 is not in " + repository,
                List.of("v1.1.0", "v1.2.0", "v1.3.0", "v1.10.0")));
  }

  @Test
  void saysWhatTheTagNamesWhenTheDigestIsNotThere() throws InterruptedException {
    String digest = "sha256:" + "0".repeat(64);

    assertThat(lookups.lookUp(repository + ":v1.2.0@" + digest))
        .isEqualTo(
            new ImageAnswer.Absent(
                digest + " is not in " + repository + ", whose tag v1.2.0 names " + BOTH.digest(),
                List.of()));
  }

  @Test
  void saysWhenThereIsNoSuchRepository() throws InterruptedException {
    assertThat(lookups.lookUp(open.address() + "/acme/gatway:v1.2.0"))
        .isInstanceOfSatisfying(
            ImageAnswer.Absent.class,
            absent -> assertThat(absent.evidence()).contains(open.address() + "/acme/gatway"));
  }

  @Test
  void showsTheLogInOfTheDockerConfiguration(@TempDir Path folder) throws InterruptedException {
    Lookups loggedIn = new Lookups(folder).logIn(closed.address(), USER, PASSWORD);

    assertThat(loggedIn.found(closed.address() + "/acme/gateway:v1.2.0").facts().digest())
        .isEqualTo(OLD.digest());
    assertThat(loggedIn.secrets.mask("it is " + PASSWORD + "!")).isEqualTo("it is ****!");
  }

  @Test
  void saysThatAnImageMayBePrivateWhenThereIsNoLogIn() {
    assertThat(lookups.problem(closed.address() + "/acme/gateway:v1.2.0").summary())
        .contains("does not exist, or it is private", "has no log-in for " + closed.address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong horse", "%"})
  void saysWhoseLogInIsRefused(String password, @TempDir Path folder) {
    Lookups loggedIn = new Lookups(folder).logIn(closed.address(), USER, password);

    assertThat(loggedIn.problem(closed.address() + "/acme/gateway:v1.2.0").summary())
        .contains("the log-in of " + loggedIn.config + " may not read it")
        .doesNotContain("wrong horse");
  }
}
