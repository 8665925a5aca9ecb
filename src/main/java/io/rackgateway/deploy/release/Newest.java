package io.rackgateway.deploy.release;

import io.rackgateway.deploy.model.Version;
import java.util.Optional;
import java.util.stream.Stream;

/** Targets that are found by looking which releases there are. */
public enum Newest {
  /** The newest of all. */
  LATEST("latest"),
  /** The newest of the current major version. */
  LATEST_MINOR("latest-minor"),
  /** The newest of the current major and minor version. */
  LATEST_PATCH("latest-patch");

  private final String word;

  Newest(String word) {
    this.word = word;
  }

  /** As people write it: {@code latest-minor}. */
  public String word() {
    return word;
  }

  /** The target that the word stands for, empty when it is another word, such as a version. */
  public static Optional<Newest> of(String word) {
    return Stream.of(values()).filter(newest -> newest.word.equals(word)).findFirst();
  }

  /** Whether the version is among those to choose from. */
  boolean allows(Version version, Version current) {
    boolean sameMajor = version.semver().getMajor() == current.semver().getMajor();
    boolean sameMinor = sameMajor && version.semver().getMinor() == current.semver().getMinor();
    return switch (this) {
      case LATEST -> true;
      case LATEST_MINOR -> sameMajor;
      case LATEST_PATCH -> sameMinor;
    };
  }

  /** What there is to choose from, for people: {@code release of v1.2}. */
  String choice(Version current) {
    int major = current.semver().getMajor();
    return switch (this) {
      case LATEST -> "release";
      case LATEST_MINOR -> "release of v" + major;
      case LATEST_PATCH -> "release of v" + major + "." + current.semver().getMinor();
    };
  }
}
