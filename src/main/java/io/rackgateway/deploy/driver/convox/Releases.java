package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackBuild;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import java.util.Optional;

/** Finds releases and builds: those of a run by their description, others by what they run. */
final class Releases {

  private static final int RECENT = 50;
  private static final String TOOL = "rack-gateway-deploy ";

  private final Rack rack;
  private final String service;

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
    return rack.releases(RECENT).stream()
        .filter(release -> release.description().startsWith(mine))
        .findFirst();
  }

  RackRelease require(RunId run) {
    return prepared(run)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "the release that run " + run + " prepared is not on " + rack.display(),
                    "run the upgrade again: it builds the release first"));
  }

  Optional<RackBuild> build(String description) {
    return rack.builds(RECENT).stream()
        .filter(build -> build.description().equals(description))
        .findFirst();
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
    return image(release, recent());
  }

  private Optional<String> image(RackRelease release, List<RackRelease> recent) {
    RackRelease built = origin(release.build(), recent).orElse(release);
    return ConvoxManifest.parse("the manifest of release " + built.id(), built.manifest())
        .image(service, built.variables());
  }

  List<RackRelease> recent() {
    return rack.releases(RECENT);
  }
}
