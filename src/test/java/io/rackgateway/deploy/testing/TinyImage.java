package io.rackgateway.deploy.testing;

import java.util.ArrayList;
import java.util.List;
import okio.ByteString;

/**
 * An image of no layers with a real manifest and configuration, or an index of such images, as
 * bytes that a registry accepts.
 *
 * @param mediaType of the manifest
 * @param manifest the manifest or index
 * @param blobs what the manifest refers to, except for manifests
 * @param images of an index, its images
 */
public record TinyImage(
    String mediaType, ByteString manifest, List<ByteString> blobs, List<TinyImage> images) {

  private static final String OCI = "application/vnd.oci.image.";
  private static final String DOCKER = "application/vnd.docker.";

  /** An OCI image for {@code os/architecture[/variant]}. */
  public static TinyImage oci(String platform) {
    return single(platform, OCI + "manifest.v1+json", OCI + "config.v1+json");
  }

  /** The same by Docker's media types. */
  public static TinyImage docker(String platform) {
    return single(
        platform, DOCKER + "distribution.manifest.v2+json", DOCKER + "container.image.v1+json");
  }

  private static TinyImage single(String platform, String mediaType, String configType) {
    ByteString config =
        ByteString.encodeUtf8(
            "{%s,\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                .formatted(platformFields(platform)));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},"layers":[]}"""
            .formatted(mediaType, configType, digest(config), config.size());
    return new TinyImage(mediaType, ByteString.encodeUtf8(manifest), List.of(config), List.of());
  }

  /** An OCI index of images for these platforms, with an attestation of the first beside them. */
  public static TinyImage index(String... platforms) {
    List<TinyImage> images = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (String platform : platforms) {
      TinyImage image = oci(platform);
      images.add(image);
      entries.add(entry(image, ",\"platform\":{%s}".formatted(platformFields(platform))));
    }
    TinyImage attestation = oci("unknown/unknown");
    images.add(attestation);
    entries.add(
        entry(
            attestation,
            ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"},"
                + "\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}"));
    return index(OCI + "index.v1+json", images, entries);
  }

  /** Docker's manifest list, the index's older brother. */
  public static TinyImage dockerList(String... platforms) {
    List<TinyImage> images = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (String platform : platforms) {
      TinyImage image = docker(platform);
      images.add(image);
      entries.add(entry(image, ",\"platform\":{%s}".formatted(platformFields(platform))));
    }
    return index(DOCKER + "distribution.manifest.list.v2+json", images, entries);
  }

  /** An OCI index that leaves out the platforms, as the specification allows. */
  public static TinyImage indexWithoutPlatforms(String... platforms) {
    List<TinyImage> images = List.of(platforms).stream().map(TinyImage::oci).toList();
    return index(
        OCI + "index.v1+json", images, images.stream().map(image -> entry(image, "")).toList());
  }

  private static TinyImage index(String mediaType, List<TinyImage> images, List<String> entries) {
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(mediaType, String.join(",", entries));
    return new TinyImage(mediaType, ByteString.encodeUtf8(manifest), List.of(), images);
  }

  private static String entry(TinyImage image, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(image.mediaType, image.digest(), image.manifest.size(), more);
  }

  private static String platformFields(String platform) {
    List<String> parts = List.of(platform.split("/", -1));
    return "\"os\":\"%s\",\"architecture\":\"%s\"".formatted(parts.get(0), parts.get(1))
        + (parts.size() > 2 ? ",\"variant\":\"" + parts.get(2) + "\"" : "");
  }

  /** The digest of its manifest. */
  public String digest() {
    return digest(manifest);
  }

  public static String digest(ByteString content) {
    return "sha256:" + content.sha256().hex();
  }
}
