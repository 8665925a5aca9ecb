package io.rackgateway.deploy.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container image reference, {@code [registry/]repository[:tag][@digest]}, by the grammar of the
 * OCI distribution specification. The text is kept as written: {@code rack-gateway} does not become
 * {@code docker.io/library/rack-gateway}.
 *
 * @param repository registry and repository as written
 * @param tag the tag, or null where none is written
 * @param digest {@code sha256:…}, or null where none is written
 */
public record ImageReference(String repository, @Nullable String tag, @Nullable String digest) {

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]+(?=/))?(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
              + "(?:@(?<digest>[a-z0-9]+:[0-9a-f]{32,}))?");

  /**
   * Reads an image reference.
   *
   * @throws IllegalArgumentException if the text does not follow the grammar
   */
  public static ImageReference parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an image reference; expected registry/repository:tag");
    }
    return new ImageReference(
        matcher.group("repository"), matcher.group("tag"), matcher.group("digest"));
  }

  /** The same repository at another tag, without a digest. */
  public ImageReference withTag(String newTag) {
    return new ImageReference(repository, newTag, null);
  }

  /** The same reference pinned to a digest. */
  public ImageReference withDigest(String newDigest) {
    return new ImageReference(repository, tag, newDigest);
  }

  /** The version that the tag names, where it names one. */
  public Optional<Version> version() {
    return Optional.ofNullable(tag).flatMap(Version::tryParse);
  }

  @Override
  public String toString() {
    return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
