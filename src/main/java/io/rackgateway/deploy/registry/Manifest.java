package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image's manifest, or an index of manifests, by the OCI image specification 1.1 or as Docker
 * writes them (schema 2); the two differ in media types alone.
 *
 * @param images of an index, the images in it; attestations and other attachments are left out
 * @param config of a single manifest, the digest of its configuration; null of an index
 */
record Manifest(List<Entry> images, @Nullable String config) {

  private static final String ATTACHMENT = "vnd.docker.reference.type";
  private static final String UNKNOWN = "unknown/unknown";

  /**
   * One image of an index.
   *
   * @param platform {@code os/architecture[/variant]}, null where the index does not say
   */
  record Entry(String digest, @Nullable String platform) {}

  /**
   * Reads a manifest.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Blocked if it is none
   */
  static Manifest parse(String image, JsonNode json) {
    if (json.path("manifests").isArray()) {
      return new Manifest(entries(image, json.path("manifests")), null);
    }
    if (json.path("config").isObject()) {
      return new Manifest(List.of(), digest(image, json.path("config")));
    }
    throw Upstream.unanswered(
        json.path("schemaVersion").asInt() == 1
            ? image + " has a manifest of the old schema 1, which does not prove what it is"
            : "what the registry has as " + image + " is no image manifest",
        "push the image again with a current version of its build tool");
  }

  private static List<Entry> entries(String image, JsonNode manifests) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode manifest : manifests) {
      String platform = platform(manifest.path("platform"));
      if (!manifest.path("annotations").has(ATTACHMENT) && !UNKNOWN.equals(platform)) {
        entries.add(new Entry(digest(image, manifest), platform));
      }
    }
    return List.copyOf(entries);
  }

  private static String digest(String image, JsonNode descriptor) {
    String digest = descriptor.path("digest").asText("");
    if (!Digests.known(digest)) {
      throw Upstream.unanswered(
          "the manifest of " + image + " names '" + Upstream.text(digest) + "' as a digest",
          "push the image again; its manifest is malformed");
    }
    return digest;
  }

  /** Of an object with {@code os}, {@code architecture} and perhaps {@code variant}. */
  static @Nullable String platform(JsonNode json) {
    String os = json.path("os").asText("");
    String architecture = json.path("architecture").asText("");
    String variant = json.path("variant").asText("");
    String platform = os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    return platform.matches("[A-Za-z0-9._-]{1,32}(/[A-Za-z0-9._-]{1,32}){1,2}") ? platform : null;
  }
}
