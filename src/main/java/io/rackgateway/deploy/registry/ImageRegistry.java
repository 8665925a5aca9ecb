package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.ImageReference;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Looks images up in the registries that their references name, by the OCI distribution
 * specification 1.1 (Docker Registry HTTP API v2). Fetches manifests and configurations of a few
 * kilobytes, never layers. Thread-safe.
 */
public final class ImageRegistry {

  private static final Duration NICE_TO_HAVE = Duration.ofSeconds(3);
  private static final String DIGEST_HEADER = "Docker-Content-Digest";

  private final Http http;
  private final Authorizer authorizer;

  /**
   * @param client whose trust settings and proxy are used
   * @param secrets learns every credential and token
   */
  public ImageRegistry(
      OkHttpClient client, DockerCredentials credentials, Secrets secrets, Clock clock) {
    this.http = new Http(client, clock);
    this.authorizer = new Authorizer(http, credentials, secrets);
  }

  /**
   * Looks an image up: by its digest where the reference has one, else by its tag, which is {@code
   * latest} where it has none.
   *
   * @throws DeployException.Blocked if the registry cannot be asked, denies the answer, or gives
   *     one that makes no sense
   * @throws InterruptedException if interrupted; the request has ended then
   */
  public ImageAnswer lookUp(ImageReference reference) throws InterruptedException {
    String digest = reference.digest();
    if (digest != null && !Digests.known(digest)) {
      throw Upstream.unanswered(
          "'" + digest + "' is not a digest that can be checked",
          "give it as sha256: and 64 digits from 0 to f");
    }
    RegistryClient client = new RegistryClient(repository(reference), authorizer);
    String tag = reference.tag() == null ? "latest" : reference.tag();
    try {
      return lookUp(client, digest == null ? tag : digest, reference.tag());
    } catch (Digests.Mismatch e) {
      return new ImageAnswer.Untrue(String.valueOf(e.getMessage()));
    }
  }

  private static Repository repository(ImageReference reference) {
    try {
      return Repository.of(reference);
    } catch (IllegalArgumentException e) {
      throw Upstream.unanswered(String.valueOf(e.getMessage()), "correct the image's name");
    }
  }

  private ImageAnswer lookUp(RegistryClient client, String asked, @Nullable String tag)
      throws InterruptedException {
    boolean byDigest = asked.contains(":");
    String image = client.repository().name(asked);
    HttpAnswer answer = client.manifest(http, asked);
    String code = answer.code() == 404 ? RegistryTrouble.code(answer) : "";
    if (!code.isEmpty()) {
      return absent(client, asked, tag, code);
    }
    requireAnswer(client, answer);
    String digest = digest(image, byDigest ? asked : null, answer);
    Set<String> platforms =
        new Platforms(http, client, image).of(RegistryTrouble.json(client.who(), answer));
    String name = byDigest && tag != null ? client.repository().name(tag) : image;
    return new ImageAnswer.Found(
        new ImageFacts(name, digest, List.copyOf(platforms)),
        byDigest && tag != null ? moved(client, tag, asked) : null);
  }

  private ImageAnswer.Absent absent(
      RegistryClient client, String asked, @Nullable String tag, String code)
      throws InterruptedException {
    Repository repository = client.repository();
    if (code.equals("NAME_UNKNOWN")) {
      return new ImageAnswer.Absent(
          "there is no repository "
              + repository.name()
              + (repository.onDockerHub() ? ", or it is private" : ""),
          List.of());
    }
    String evidence = asked + " is not in " + repository.name();
    if (!asked.contains(":")) {
      return new ImageAnswer.Absent(
          evidence, TagList.near(http.impatient(NICE_TO_HAVE), client, asked));
    }
    String other = tag == null ? null : moved(client, tag, asked);
    return new ImageAnswer.Absent(
        evidence + (other == null ? "" : ", whose tag " + tag + " names " + other), List.of());
  }

  private void requireAnswer(RegistryClient client, HttpAnswer answer) throws InterruptedException {
    if (answer.code() == 401 || answer.code() == 403) {
      Repository repository = client.repository();
      throw Upstream.unanswered(
          repository.name()
              + " does not exist, or it is private and "
              + authorizer.standing(repository)
              + " (the registry answered "
              + answer.code()
              + ")",
          "check the name, or log in with 'docker login " + repository.registry() + "'");
    }
    if (!answer.ok()) {
      throw RegistryTrouble.of(client.who(), answer, http.clock());
    }
    if (answer.isWebPage()) {
      RegistryTrouble.json(client.who(), answer);
    }
  }

  /** The manifest's digest, once it is proven that the content has it. */
  private static String digest(String image, @Nullable String asked, HttpAnswer answer) {
    String told = answer.headers().get(DIGEST_HEADER);
    String digest = told == null ? Digests.sha256(answer.body()) : told.strip();
    if (asked != null) {
      require(image, asked, "was asked for", answer);
    }
    require(image, digest, "is what the registry says it is", answer);
    return asked == null ? digest : asked;
  }

  private static void require(String image, String digest, String whose, HttpAnswer answer) {
    if (!Digests.match(digest, answer.body())) {
      throw new Digests.Mismatch(
          "the manifest of "
              + image
              + " has the digest "
              + Digests.sha256(answer.body())
              + ", but "
              + Upstream.text(digest)
              + " "
              + whose);
    }
  }

  /** Where the tag points, if that is elsewhere; null also where that cannot be found out. */
  private @Nullable String moved(RegistryClient client, String tag, String digest)
      throws InterruptedException {
    try {
      HttpAnswer answer = client.manifest(http.impatient(NICE_TO_HAVE), tag);
      boolean other = answer.ok() && !Digests.match(digest, answer.body());
      return other && !answer.isWebPage() ? Digests.sha256(answer.body()) : null;
    } catch (DeployException.Blocked e) {
      // The digest was found and is what counts; this is for information.
      return null;
    }
  }
}
