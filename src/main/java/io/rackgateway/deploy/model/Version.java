package io.rackgateway.deploy.model;

import java.util.Optional;
import org.semver4j.Semver;

/**
 * A released version of the gateway, by Semantic Versioning 2.0.0. Upstream tags carry a leading
 * {@code v}, its API does not; both are read, and {@link #toString()} always writes the tag.
 */
public record Version(Semver semver) implements Comparable<Version> {

  /**
   * Reads {@code v1.2.0} or {@code 1.2.0}.
   *
   * @throws IllegalArgumentException if the text is not a complete semantic version
   */
  public static Version parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is not a version; expected the form v1.2.0"));
  }

  /** Like {@link #parse}, empty where {@code parse} throws. */
  public static Optional<Version> tryParse(String text) {
    String number = text.startsWith("v") ? text.substring(1) : text;
    return Optional.ofNullable(Semver.parse(number)).map(Version::new);
  }

  /** The version as an image or git tag: {@code v1.2.0}. */
  public String tag() {
    return "v" + semver.getVersion();
  }

  /** The version as the gateway's own API writes it: {@code 1.2.0}. */
  public String number() {
    return semver.getVersion();
  }

  @Override
  public int compareTo(Version other) {
    return semver.compareTo(other.semver);
  }

  @Override
  public String toString() {
    return tag();
  }
}
