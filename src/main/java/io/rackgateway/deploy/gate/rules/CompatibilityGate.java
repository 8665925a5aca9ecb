package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The gate {@code compatibility}, by the upgrade guide's table: within v1.x all versions are
 * compatible, v1 to v2 asks for its migration guide to be read, and a minor version of 0.x may
 * break what came before (Semantic Versioning 2.0.0, item 4). Majors are taken one at a time.
 */
public final class CompatibilityGate implements GateCheck {

  private static final String NAME = "compatibility";

  private final Supplier<List<Release>> releases;

  /**
   * @param releases the published releases, asked for the stops of a way over several majors; may
   *     throw where they cannot be read
   */
  public CompatibilityGate(Supplier<List<Release>> releases) {
    this.releases = releases;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    return GateAnswer.of(judge(context.from(), context.to()));
  }

  private Gate judge(Version from, Version to) {
    String way = from + " → " + to;
    int major = from.semver().getMajor();
    int majors = to.semver().getMajor() - major;
    if (to.compareTo(from) < 0) {
      return Gate.block(
          NAME, to + " is older than the running " + from, "use 'rollback --to " + to + "'");
    }
    if (majors > 1) {
      return Gate.block(
          NAME,
          way + " leaps over " + (majors == 2 ? "a major version" : majors - 1 + " major versions"),
          "upgrade one major version at a time: " + String.join(", then ", stops(major, to)));
    }
    if (majors == 1) {
      String value = "v" + to.semver().getMajor();
      return Gate.block(
              NAME,
              way + " crosses a major version",
              "read the migration guide of " + value + ", then add --accept " + NAME + "=" + value)
          .acknowledgedBy(List.of(value));
    }
    if (major == 0 && to.semver().getMinor() > from.semver().getMinor()) {
      String value = "v0." + to.semver().getMinor();
      return Gate.block(
              NAME,
              way + " crosses a minor version of 0.x, which may break what came before",
              "read the release notes, then add --accept " + NAME + "=" + value)
          .acknowledgedBy(List.of(value));
    }
    return Gate.pass(
        NAME,
        major == 0
            ? way + " stays within v0." + from.semver().getMinor() + ".x"
            : way + " stays within v" + major + ".x");
  }

  /** The newest stable release of each major in between, where the releases can be read. */
  private List<String> stops(int from, Version to) {
    List<Release> known = known();
    List<String> stops = new ArrayList<>();
    for (int major = from + 1; major < to.semver().getMajor(); major++) {
      int wanted = major;
      Optional<Version> newest =
          known.stream()
              .filter(release -> !release.preRelease())
              .map(Release::version)
              .filter(version -> version.semver().getMajor() == wanted)
              .max(Comparator.naturalOrder());
      stops.add(
          "--to " + newest.map(Version::tag).orElse("the newest v" + wanted + ".x that there is"));
    }
    stops.add("--to " + to);
    return stops;
  }

  private List<Release> known() {
    try {
      return releases.get();
    } catch (DeployException e) {
      // The gate of the release notes tells; the stops are named by their majors alone.
      return List.of();
    }
  }
}
