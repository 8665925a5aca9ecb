package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;
import java.time.Instant;
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
        checks.stream()
            .filter(check -> check.verdict() == Verdict.FAIL)
            .map(check -> check.name() + ": " + check.evidence())
            .toList();
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
            ? "'" + settings.gateway() + "' runs " + version + " and passed all checks"
            : "'" + settings.gateway() + "' did not pass: " + failures.get(0),
        passed
            ? null
            : "see the checks, then the gateway's logs; 'rollback' brings the version before back",
        passed ? failures : failures.subList(1, failures.size()),
        false,
        null,
        null,
        null,
        null,
        List.of(),
        checks,
        List.of(),
        null,
        start,
        ports.waits().clock().instant(),
        null);
  }
}
