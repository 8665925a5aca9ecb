package io.rackgateway.deploy.registry;

import static io.rackgateway.deploy.testing.RegistryStandIn.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.testing.RegistryStandIn;
import io.rackgateway.deploy.testing.TinyImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries that lie, break off, are overloaded, or are no registries. */
class RegistryTroubleTest {

  private static final TinyImage IMAGE = TinyImage.oci("linux/amd64");
  private static final String OTHER = "sha256:" + "1".repeat(64);

  private RegistryStandIn registry;
  private Lookups lookups;
  private String image = "";

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    registry = new RegistryStandIn().hold(IMAGE, "gateway", "v1.2.0");
    lookups = new Lookups(folder);
    image = registry.address() + "/gateway:v1.2.0";
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private String untrue(String reference) throws InterruptedException {
    ImageAnswer answer = lookups.lookUp(reference);
    assertThat(answer).isInstanceOf(ImageAnswer.Untrue.class);
    return ((ImageAnswer.Untrue) answer).evidence();
  }

  @Test
  void aRegistryThatLiesAboutTheDigestIsFoundOut() throws InterruptedException {
    registry.claimDigest(OTHER);

    assertThat(untrue(image)).contains(image, IMAGE.digest(), OTHER);
  }

  @Test
  void anotherImageUnderTheDigestThatWasAskedForIsFoundOut() throws InterruptedException {
    registry.hold(IMAGE, "gateway", OTHER);

    assertThat(untrue(image + "@" + OTHER)).contains(IMAGE.digest(), OTHER);
  }

  @Test
  void anotherConfigurationThanTheManifestNamesIsFoundOut() throws InterruptedException {
    String config = TinyImage.digest(IMAGE.blobs().get(0));
    registry.exchange("gateway/blobs/" + config, "{\"os\":\"linux\",\"architecture\":\"arm64\"}");

    assertThat(untrue(image)).contains(config);
  }

  @Test
  void aDigestHeaderIsNotNeeded() throws InterruptedException {
    registry.leaveOutDigestHeader();

    assertThat(lookups.found(image).facts().digest()).isEqualTo(IMAGE.digest());
  }

  @Test
  void aDigestThatCannotBeCheckedIsNoDigest() {
    assertThat(lookups.problem(image + "@md5:" + "1".repeat(32)).summary()).contains("md5:");
  }

  @Test
  void anAnswerThatBreaksOffIsNoAnswer() {
    registry.next(RegistryStandIn.truncated(IMAGE));

    assertThat(lookups.problem(image).summary())
        .isEqualTo(
            "the registry could not be asked: http://"
                + registry.address()
                + ": the connection was closed before the answer was complete");
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    registry.next(RegistryStandIn.endless());

    assertThat(lookups.problem(image).summary()).endsWith("it answered with more than 4 MB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "nonsense", "[]", "", "{\"schemaVersion\":2}", "{\"config\":[]}"})
  void whatIsNoManifestIsNoAnswer(String body) {
    registry.next(answer(200, body, "Content-Type: application/json"));

    assertThat(lookups.problem(image).summary()).isNotBlank();
  }

  @Test
  void jsonWithoutBottomIsNoAnswer() {
    registry.next(answer(200, "{\"a\":".repeat(100_000)));

    assertThat(lookups.problem(image).summary()).contains("malformed or incomplete JSON");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void aWebPageIsNoAnswer(int status) {
    registry.next(answer(status, "<html>Log in</html>", "Content-Type: text/html"));

    assertThat(lookups.problem(image).summary())
        .contains("the registry " + registry.address())
        .doesNotContain("<");
  }

  @Test
  void theOldManifestSchemaIsNamed() {
    registry.next(answer(200, "{\"schemaVersion\":1,\"tag\":\"v1.2.0\"}"));

    assertThat(lookups.problem(image).summary()).contains("old schema 1");
  }

  @Test
  void anImageWithoutAPlatformIsNoAnswer() {
    TinyImage artifact = TinyImage.oci("/");
    registry.hold(artifact, "gateway", "v1.2.0");

    assertThat(lookups.problem(image).summary()).contains("names no platform");
  }

  @Test
  void anOverloadedRegistryIsAskedAgain() throws InterruptedException {
    registry.next(answer(503, ""));
    registry.next(answer(500, "{}"));

    assertThat(lookups.found(image).facts().digest()).isEqualTo(IMAGE.digest());
  }

  @Test
  void aBrokenRegistryIsAskedThreeTimesAndNoMore() {
    for (int i = 0; i < 4; i++) {
      registry.next(
          answer(500, "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"disk\\u001b[2J\"}]}"));
    }

    assertThat(lookups.problem(image).summary())
        .isEqualTo("the registry " + registry.address() + " answered 500 (UNKNOWN disk [2J)");
    assertThat(registry.seen()).hasSize(3);
  }

  @Test
  void aShortWaitThatTheRegistryAsksForIsKept() throws InterruptedException {
    registry.next(answer(429, "", "Retry-After: 0"));

    assertThat(lookups.found(image).facts().digest()).isEqualTo(IMAGE.digest());
  }

  @Test
  void aLongWaitThatTheRegistryAsksForIsTold() {
    registry.next(answer(429, "", "Retry-After: 3600"));

    Problem problem = lookups.problem(image);

    assertThat(problem.summary()).contains("too many requests", "it asks to wait 3600 s");
    assertThat(problem.next()).contains("docker login");
    assertThat(registry.seen()).hasSize(1);
  }

  @Test
  void theVersionsNearAMissingTagComeFromAllPagesOfTheList() throws InterruptedException {
    for (String tag : List.of("v1.0.0", "nightly", "v2.0.0", "v1.1.0", "1.3.0")) {
      registry.hold(IMAGE, "gateway", tag);
    }

    assertThat(lookups.lookUp(registry.address() + "/gateway:v1.2.5"))
        .isInstanceOfSatisfying(
            ImageAnswer.Absent.class,
            absent ->
                assertThat(absent.near()).containsExactly("v1.1.0", "v1.2.0", "1.3.0", "v2.0.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND"})
  void registriesNameWhatIsMissingDifferently(String code) throws InterruptedException {
    registry.next(answer(404, "{\"errors\":[{\"code\":\"" + code + "\"}]}"));

    assertThat(lookups.lookUp(image)).isInstanceOf(ImageAnswer.Absent.class);
  }

  @Test
  void aMissingPageWithoutAWordOfARegistryIsNoAnswer() {
    registry.next(answer(404, "404 page not found"));

    assertThat(lookups.problem(image).summary())
        .isEqualTo("the registry " + registry.address() + " answered 404");
  }

  @Test
  void aMissingTagIsToldEvenIfTheListOfTagsCannotBeHad() throws InterruptedException {
    registry.next(answer(404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}"));
    registry.next(answer(500, "<html>"));

    assertThat(lookups.lookUp(image))
        .isEqualTo(
            new ImageAnswer.Absent(
                "v1.2.0 is not in " + registry.address() + "/gateway", List.of()));
  }

  @Test
  void aRegistryThatIsNotThereIsNamed() {
    registry.close();

    assertThat(lookups.problem(image).summary())
        .isEqualTo(
            "the registry could not be asked: http://"
                + registry.address()
                + ": connection refused");
  }

  @Test
  void redirectsWithoutEndAreNotFollowedForEver() {
    for (int i = 0; i < 10; i++) {
      registry.next(answer(302, "", "Location: /elsewhere"));
    }

    assertThat(lookups.problem(image).summary()).contains("redirects more than 5 times");
  }

  @Test
  void nobodyIsSentToAnotherHostWithoutTls() {
    registry.next(answer(302, "", "Location: http://registry.example.com/"));

    assertThat(lookups.problem(image).summary())
        .contains("redirects to registry.example.com without TLS");
  }

  @Test
  void anInterruptEndsTheLookup() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    registry.next(
        exchange -> {
          asked.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Thread gate = Thread.currentThread();
    Thread deadline =
        new Thread(
            () -> {
              try {
                asked.await();
                gate.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    deadline.start();

    assertThatThrownBy(() -> lookups.lookUp(image)).isInstanceOf(InterruptedException.class);

    over.countDown();
    deadline.join();
  }
}
