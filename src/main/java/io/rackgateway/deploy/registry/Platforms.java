package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds out what an image runs on: its index says so, or the configuration of each image. */
final class Platforms {

  /** Indexes that leave out the platforms are rare and short. */
  private static final int MOST_LOOKUPS = 8;

  private final Http http;
  private final RegistryClient client;
  private final String image;
  private final Set<String> platforms = new TreeSet<>();
  private int lookups;

  /**
   * @param image what is looked at, for messages
   */
  Platforms(Http http, RegistryClient client, String image) {
    this.http = http;
    this.client = client;
    this.image = image;
  }

  /**
   * The platforms of a manifest, sorted; at least one.
   *
   * @throws Digests.Mismatch if a part is not what its digest says
   * @throws io.rackgateway.deploy.model.DeployException.Blocked if they cannot be found out
   */
  Set<String> of(JsonNode manifest) throws InterruptedException {
    add(Manifest.parse(image, manifest));
    if (platforms.isEmpty()) {
      throw Upstream.unanswered(
          image + " names no platform that it is for",
          "check that it is an image, and push it again");
    }
    return platforms;
  }

  private void add(Manifest manifest) throws InterruptedException {
    String config = manifest.config();
    if (config != null) {
      addOrNot(Manifest.platform(part(client.blob(http, config), config)));
    }
    for (Manifest.Entry entry : manifest.images()) {
      if (entry.platform() != null) {
        platforms.add(entry.platform());
      } else if (lookups++ < MOST_LOOKUPS) {
        HttpAnswer answer = client.manifest(http, entry.digest());
        add(Manifest.parse(image, part(answer, entry.digest())));
      }
    }
  }

  private void addOrNot(@Nullable String platform) {
    if (platform != null) {
      platforms.add(platform);
    }
  }

  private JsonNode part(HttpAnswer answer, String digest) {
    if (!answer.ok()) {
      throw RegistryTrouble.of(
          client.who() + ", asked for the part " + Digests.brief(digest) + " of " + image + ",",
          answer,
          http.clock());
    }
    if (!Digests.match(digest, answer.body())) {
      throw new Digests.Mismatch(
          "of "
              + image
              + ", the part "
              + digest
              + " came as "
              + Digests.sha256(answer.body())
              + " from "
              + answer.url().host());
    }
    return RegistryTrouble.json(client.who(), answer);
  }
}
