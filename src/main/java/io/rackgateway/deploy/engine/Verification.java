package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.Expectation;
import io.rackgateway.deploy.verify.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies the gateway as it runs, outside a run. Changes nothing. */
public final class Verification {

  /** How far back logs count when nothing was rolled out just now. */
  private static final Duration LOG_WINDOW = Duration.ofMinutes(5);

  private final Settings settings;
  private final Ports ports;

  public Verification(Settings settings, Ports ports) {
    this.settings = settings;
    this.ports = ports;
  }

  /**
   * Runs all checks.
   *
   * @param expected the version that should run; null for the one the platform names
   * @return done when all passed, failed otherwise
   */
  public RunResult verify(@Nullable Version expected) {
    return verify(expected, null, null);
  }

  /**
   * Runs all checks and, where they pass, watches the gateway for a while.
   *
   * @param expected the version that should run; null for the one the platform names
   * @param limits what it has to keep to meanwhile
   * @param before what was true before the version was rolled out; null where it is not known
   * @return done when all passed, failed otherwise
   */
  public RunResult verifyAndBake(
      @Nullable Version expected, BakeLimits limits, @Nullable Baseline before) {
    return verify(expected, limits, before);
  }

  private RunResult verify(
      @Nullable Version expected, @Nullable BakeLimits limits, @Nullable Baseline before) {
    Instant start = ports.waits().clock().instant();
    Observation observation = ports.driver().observe();
    Version version =
        expected != null
            ? expected
            : observation
                .knownVersion()
                .orElseThrow(
                    () ->
                        new DeployException.Usage(
                            "'" + observation.reference() + "' does not name a version",
                            "say which one should run with --expect v1.0.0"));
    String image = ports.driver().resolve(observation.reference()).orElse(null);
    List<Check> checks =
        ports.verifier().verify(new Expectation(version, image, start.minus(LOG_WINDOW), false));
    List<String> failures =
        new ArrayList<>(
            checks.stream()
                .filter(check -> check.verdict() == Verdict.FAIL)
                .map(check -> check.name() + ": " + check.evidence())
                .toList());
    Bake bake = limits != null && failures.isEmpty() ? bake(limits, before) : null;
    if (bake != null && bake.verdict() == Verdict.FAIL) {
      failures.add("bake: " + bake.evidence());
    }
    boolean passed = failures.isEmpty();
    return new RunResult(
        passed ? ExitCode.DONE : ExitCode.FAILED,
        null,
        "verify",
        settings.gateway(),
        null,
        null,
        observation.knownVersion().map(Version::tag).orElse(null),
        passed
            ? "'"
                + settings.gateway()
                + "' runs "
                + version
                + " and passed all checks"
                + baked(bake)
            : "'" + settings.gateway() + "' did not pass: " + failures.get(0),
        passed
            ? null
            : "see the checks, then the gateway's logs; 'rollback' brings the version before back",
        passed ? failures : failures.subList(1, failures.size()),
        false,
        null,
        null,
        null,
        bake,
        List.of(),
        checks,
        List.of(),
        null,
        start,
        ports.waits().clock().instant(),
        null);
  }

  private Bake bake(BakeLimits limits, @Nullable Baseline before) {
    Instant since = ports.waits().clock().instant();
    try (Measurement probes = ports.probe().start()) {
      return ports
          .watch()
          .bake(new Watch.Baking(limits, since, before, null, probes, null, standing -> {}));
    }
  }

  private static String baked(@Nullable Bake bake) {
    return bake == null
        ? ""
        : ", and was watched for " + Spans.show(bake.limits().period()) + ": " + bake.evidence();
  }
}
