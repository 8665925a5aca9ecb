package io.rackgateway.deploy.release.notes;

import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of all releases an upgrade passes through. */
final class ReleasesBetween {

  private static final int NEAR = 3;

  private ReleasesBetween() {}

  /**
   * Those after a version up to another, oldest first.
   *
   * @param preReleases whether pre-releases count; they do in any case where the target is one
   */
  static List<Release> of(List<Release> all, Version from, Version to, boolean preReleases) {
    boolean counted = preReleases || isPreRelease(all, to);
    return all.stream()
        .filter(r -> r.version().compareTo(from) > 0 && r.version().compareTo(to) <= 0)
        .filter(r -> counted || !r.preRelease() || r.version().compareTo(to) == 0)
        .sorted(Comparator.comparing(Release::version))
        .toList();
  }

  static Optional<Release> find(List<Release> all, Version version) {
    return all.stream().filter(r -> r.version().compareTo(version) == 0).findFirst();
  }

  /** Tags that were probably meant, the nearest first. */
  static List<String> near(List<Release> all, Version version) {
    return all.stream()
        .sorted(Comparator.comparing(release -> distance(release.version(), version)))
        .limit(NEAR)
        .map(Release::tag)
        .toList();
  }

  private static boolean isPreRelease(List<Release> all, Version to) {
    return find(all, to).map(Release::preRelease).orElse(!to.semver().isStable());
  }

  /** A difference of the major version outweighs any of the minor, and that any of the patch. */
  private static double distance(Version one, Version other) {
    return Math.abs(one.semver().getMajor() - other.semver().getMajor()) * 1e8
        + Math.abs(one.semver().getMinor() - other.semver().getMinor()) * 1e4
        + Math.abs(one.semver().getPatch() - other.semver().getPatch());
  }
}
