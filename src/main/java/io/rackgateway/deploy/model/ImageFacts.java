package io.rackgateway.deploy.model;

import java.util.List;

/**
 * What a registry says of an image.
 *
 * @param reference the image reference that was looked up
 * @param digest the digest of its manifest or index, {@code sha256:…}
 * @param platforms as {@code os/architecture[/variant]}, such as {@code linux/amd64}
 */
public record ImageFacts(String reference, String digest, List<String> platforms) {
  public ImageFacts {
    platforms = List.copyOf(platforms);
  }
}
