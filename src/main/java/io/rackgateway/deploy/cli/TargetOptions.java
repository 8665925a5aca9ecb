package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.engine.RestoreRequest;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Newest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to go, and where from. */
final class TargetOptions {

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = {
        "The version to go to, such as v1.2.0.",
        "An upgrade also takes latest, latest-minor and latest-patch: the newest stable release of all, of the"
            + " current major version, or of the current minor version."
      })
  @Nullable String to;

  @Option(
      names = "--from",
      paramLabel = "VERSION",
      description = "The version that runs now, where the platform does not tell.")
  @Nullable String from;

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description = "Pins the target image to this digest, such as sha256:….")
  @Nullable String digest;

  @Option(
      names = "--accept",
      paramLabel = "GATE=VALUE",
      description = {
        "What was decided about a gate that would block, as the gate asks for it; may be repeated.",
        "It is recorded with the run."
      })
  List<String> accept = new ArrayList<>();

  boolean given() {
    return to != null;
  }

  /** The request these options make; {@code --to} must have been given. */
  Planner.Request request(Plan.Kind kind) {
    String wanted = to;
    if (wanted == null) {
      throw new DeployException.Usage("--to is missing", "say where to go: --to v1.2.0");
    }
    return request(kind, version("--to", wanted));
  }

  /** The request for an upgrade, where {@code --to} may also say which of the releases. */
  Planner.Request upgrade(Session session) {
    Optional<Newest> newest = Optional.ofNullable(to).flatMap(Newest::of);
    if (newest.isEmpty()) {
      return request(Plan.Kind.UPGRADE);
    }
    Version current = current(session);
    Version target = session.targets().newest(newest.get(), current).version();
    return request(Plan.Kind.UPGRADE, target);
  }

  /** The version that runs now. */
  Version current(Session session) {
    String now = from;
    return now == null
        ? Planner.currentVersion(session.ports().driver().observe())
        : version("--from", now);
  }

  Planner.Request request(Plan.Kind kind, Version target) {
    String now = from;
    String pin = digest;
    if (pin != null && !pin.matches("sha256:[0-9a-f]{64}")) {
      throw new DeployException.Usage(
          "--digest '" + pin + "' is not a digest", "give sha256: and 64 hex digits");
    }
    return new Planner.Request(
        kind, target, pin, now == null ? null : version("--from", now), accepted());
  }

  /**
   * The request for a restore of the database.
   *
   * @param back whether the version before is wanted
   */
  RestoreRequest restoring(boolean back, @Nullable String backup) {
    String wanted = to;
    String now = from;
    return new RestoreRequest(
        back,
        backup,
        wanted == null ? null : version("--to", wanted),
        now == null ? null : version("--from", now),
        digest,
        accepted());
  }

  /** What {@code --accept} says. */
  List<Acceptance> accepted() {
    return accept.stream()
        .map(
            text ->
                Acceptance.tryParse(text)
                    .orElseThrow(
                        () ->
                            new DeployException.Usage(
                                "--accept '" + text + "' is not of the form GATE=VALUE",
                                "give it as the gate asks for it, such as"
                                    + " --accept release-notes=v2.0.0")))
        .toList();
  }

  private static Version version(String option, String text) {
    return Version.tryParse(text)
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    option + " '" + text + "' is not a version",
                    "give a complete one, such as v1.2.0"));
  }
}
