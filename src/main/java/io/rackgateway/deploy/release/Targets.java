package io.rackgateway.deploy.release;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one can upgrade to, and what lies in between, by precedence of Semantic Versioning 2.0.0
 * (section 11).
 *
 * @param releases in any order
 * @param preReleases whether pre-releases count like others
 */
public record Targets(List<Release> releases, boolean preReleases) {

  public Targets {
    releases = releases.stream().sorted(Comparator.comparing(Release::version).reversed()).toList();
  }

  /**
   * The newest release of a kind that is not older than the current version; the current version
   * itself when nothing is newer.
   *
   * @throws DeployException.Blocked if there is none
   */
  public Release newest(Newest wanted, Version current) {
    return counted()
        .filter(release -> wanted.allows(release.version(), current))
        .filter(release -> release.version().compareTo(current) >= 0)
        .findFirst()
        .orElseThrow(() -> none(wanted, current));
  }

  /** The newest release after the current version, empty when the current one is the newest. */
  public Optional<Release> newer(Version current) {
    return newestAfter(Newest.LATEST, current);
  }

  /** The newest release of a kind after the current version, empty when there is none. */
  public Optional<Release> newestAfter(Newest wanted, Version current) {
    return counted()
        .filter(release -> wanted.allows(release.version(), current))
        .filter(release -> release.version().compareTo(current) > 0)
        .findFirst();
  }

  /** The release of exactly this version, a pre-release too. */
  public Optional<Release> find(Version version) {
    return releases.stream().filter(release -> release.version().equals(version)).findFirst();
  }

  /**
   * The release of exactly this version, a pre-release too.
   *
   * @throws DeployException.Blocked if it was not released; the problem names what is near it
   */
  public Release released(Version version) {
    return find(version)
        .orElseThrow(
            () ->
                new DeployException.Blocked(
                    Problem.of(
                        missing(version),
                        "name a version that was released, or " + Newest.LATEST.word())));
  }

  /**
   * The releases after one version up to and with another, oldest first. Pre-releases are left out
   * unless they count; the target itself is always in, if it was released.
   */
  public List<Release> between(Version from, Version to) {
    return releases.stream()
        .filter(release -> release.version().compareTo(from) > 0)
        .filter(release -> release.version().compareTo(to) <= 0)
        .filter(release -> counts(release) || release.version().equals(to))
        .sorted(Comparator.comparing(Release::version))
        .toList();
  }

  /** {@code v1.2.9 was not released; near it: v1.2.8, v1.3.0}. */
  public String missing(Version version) {
    boolean all = preReleases || !version.semver().getPreRelease().isEmpty();
    List<Version> known =
        releases.stream()
            .filter(release -> all || !release.preRelease())
            .map(Release::version)
            .toList();
    String near =
        NearVersions.of(version, known).stream()
            .map(Version::tag)
            .collect(Collectors.joining(", "));
    return version + " was not released" + (near.isEmpty() ? "" : "; near it: " + near);
  }

  private DeployException.Blocked none(Newest wanted, Version current) {
    String stable = preReleases ? "" : "stable ";
    String newest = counted().findFirst().map(r -> "; the newest is " + r.version()).orElse("");
    return new DeployException.Blocked(
        Problem.of(
            "there is no " + stable + wanted.choice(current) + " from " + current + " on" + newest,
            "name the version to upgrade to"));
  }

  private Stream<Release> counted() {
    return releases.stream().filter(this::counts);
  }

  private boolean counts(Release release) {
    return preReleases || !release.preRelease();
  }
}
