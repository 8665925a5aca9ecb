package io.rackgateway.deploy.release;

import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Releases that a test names. It has no network, no pages and no limits. */
public final class KnownReleases implements ReleaseSource {

  private final List<Release> releases = new ArrayList<>();
  private final Map<String, ReleaseFiles> files = new HashMap<>();

  /** A release with notes; it is a pre-release when its version says so. */
  public KnownReleases with(String tag, String notes) {
    Version version = Version.parse(tag);
    boolean pre = !version.semver().getPreRelease().isEmpty();
    releases.add(
        new Release(version, tag, "https://example.com/releases/" + tag, notes, pre, null));
    releases.sort(Comparator.comparing(Release::version).reversed());
    return this;
  }

  /** A release whose source has a manifest, or none. */
  public KnownReleases withManifest(String tag, @Nullable String manifest) {
    files.put(tag, new ReleaseFiles(manifest, List.of()));
    return with(tag, "Notes.");
  }

  @Override
  public String location() {
    return "example.com/gateway";
  }

  @Override
  public List<Release> releases() {
    return List.copyOf(releases);
  }

  @Override
  public ReleaseFiles files(String tag) {
    ReleaseFiles found = files.get(tag);
    if (found == null) {
      throw new DeployException.Blocked(
          Problem.of("example.com has no source of " + tag, "name another tag"));
    }
    return found;
  }

  /** An upgrade on a platform where the variables are set; null where they are not known. */
  public static GateContext upgrade(
      String from, String to, String platform, @Nullable Set<String> environment) {
    return new GateContext(
        new Observation(platform, "here", "gateway:" + from, Version.parse(from), List.of()),
        new Surroundings(environment, null, false, null, List.of()),
        Version.parse(from),
        Version.parse(to),
        null,
        new DriverPlan(
            null, "gateway:" + to, Strategy.RECREATE, List.of(), List.of(), List.of(), "", ""),
        SchemaState.of(List.of()),
        false);
  }
}
