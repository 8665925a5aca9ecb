package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds releases and builds: those of a run by their description, others by what they run. */
final class Releases {

  private static final int RECENT = 50;
  private static final String TOOL = "rack-gateway-deploy ";

  /** How the description of a release goes on in which the database's address was changed. */
  static final String ADDRESS = "database ";

  private static final Pattern CHANGED = Pattern.compile("^" + TOOL + "\\S+: " + ADDRESS + ".*");

  private final Rack rack;
  private final String service;
  private volatile List<RackRelease> known = List.of();

  Releases(Rack rack, String service) {
    this.rack = rack;
    this.service = service;
  }

  /** The beginning of the description of everything that a run makes. */
  static String of(RunId run, String what) {
    return TOOL + run.value() + ": " + what;
  }

  /** The release that the run prepared; empty when there is none. */
  Optional<RackRelease> prepared(RunId run) {
    String mine = of(run, ConvoxEffects.PREPARED);
    return recent().stream().filter(release -> release.description().startsWith(mine)).findFirst();
  }

  /** All recent ones that the run made, the newest first. */
  List<RackRelease> of(RunId run) {
    return recent().stream().filter(r -> r.description().startsWith(of(run, ""))).toList();
  }

  /**
   * The release whose environment the next one is made of: the active one, or a later one in which
   * a run has changed the database's address.
   */
  RackRelease latest() {
    String active = rack.app().release();
    return recent().stream()
        .filter(r -> r.id().equals(active) || CHANGED.matcher(r.description()).matches())
        .findFirst()
        .orElseGet(() -> rack.release(active));
  }

  RackRelease require(RunId run) {
    return prepared(run)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "the release that run " + run + " prepared is not on " + rack.display(),
                    "run the upgrade again: it builds the release first"));
  }

  /** The newest release with an image; empty when no recent one has it. */
  Optional<RackRelease> running(String reference) {
    List<RackRelease> recent = recent();
    return recent.stream()
        .filter(release -> !release.build().isEmpty())
        .filter(release -> image(release, recent).filter(reference::equals).isPresent())
        .findFirst();
  }

  /** The release that a build made; later ones have other variables than it was built with. */
  Optional<RackRelease> origin(String build) {
    return origin(build, recent());
  }

  private static Optional<RackRelease> origin(String build, List<RackRelease> recent) {
    return recent.stream()
        .filter(release -> release.build().equals(build))
        .reduce((newer, older) -> older);
  }

  /** The newest release of a build that the run did not make. */
  Optional<RackRelease> before(RunId run, String build) {
    return recent().stream()
        .filter(release -> release.build().equals(build))
        .filter(release -> !release.description().startsWith(of(run, "")))
        .findFirst();
  }

  /**
   * The image that the release's service runs, which was settled when its build was made; empty
   * when the manifest does not say.
   */
  Optional<String> image(RackRelease release) {
    List<RackRelease> read = known;
    // What was read before tells, as releases never change and older ones are not added.
    return image(release, read.contains(release) ? read : recent());
  }

  private Optional<String> image(RackRelease release, List<RackRelease> recent) {
    RackRelease built = origin(release.build(), recent).orElse(release);
    return ConvoxManifest.parse("the manifest of release " + built.id(), built.manifest())
        .image(service, built.variables());
  }

  List<RackRelease> recent() {
    List<RackRelease> recent = rack.releases(RECENT);
    known = recent;
    return recent;
  }
}
