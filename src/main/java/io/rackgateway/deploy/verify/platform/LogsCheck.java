package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gateway has logged no new errors since it was rolled out. Errors that it logged before the
 * upgrade, too, and those of instances that are not the version's any more are a warning; so are
 * requests that were answered with a server error, and a log that could not be read to its end.
 */
public final class LogsCheck implements CheckRunner {

  private final DeployDriver driver;
  private final VerifyConfig config;

  /**
   * @throws DeployException.Usage if a regular expression of the configuration is none
   */
  public LogsCheck(DeployDriver driver, VerifyConfig config) {
    this.driver = driver;
    this.config = config;
    // Now rather than after the rollout.
    LogScan unused = new LogScan(config);
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public Finding run(Expectation expectation) {
    LogScan scan = new LogScan(config);
    String breakOff = read(expectation, scan);
    if (scan.lines() == 0) {
      return breakOff == null
          ? Finding.skipped("there are no log lines since " + expectation.since())
          : Finding.fail("the log cannot be read: " + breakOff);
    }
    LogErrors errors =
        LogErrors.of(
            scan.errors(), expectation.before(), () -> foreign(expectation, scan), breakOff);
    if (errors.anyNew()) {
      return Finding.fail(errors.evidence());
    }
    if (errors.any()) {
      return Finding.warn(errors.evidence());
    }
    if (breakOff != null) {
      return Finding.warn(
          "the log broke off after "
              + Counted.of(scan.lines(), "line")
              + ", which held no errors: "
              + breakOff);
    }
    Optional<String> serverError = scan.firstServerError();
    return serverError.isEmpty()
        ? Finding.pass("no errors in " + Counted.of(scan.lines(), "log line"))
        : Finding.warn(
            Counted.of(scan.serverErrors(), "request")
                + " answered with a server error, the first: '"
                + serverError.get()
                + "'");
  }

  /** Why the log could not be read to its end; null when it could. */
  private @Nullable String read(Expectation expectation, LogScan scan) {
    try {
      driver.readLogs(expectation.since(), null, scan);
      return null;
    } catch (DeployException.StepFailed e) {
      return e.problem().summary();
    }
  }

  /** Instances that logged errors and do not run what should run. */
  private Set<String> foreign(Expectation expectation, LogScan scan) {
    Set<String> current;
    try {
      current =
          driver.observe().instances().stream()
              .filter(
                  instance ->
                      expectation.image() == null || instance.image().equals(expectation.image()))
              .map(Instance::name)
              .collect(Collectors.toSet());
    } catch (DeployException.Usage | DeployException.StepFailed e) {
      // The platform cannot be asked just now: every error counts.
      return Set.of();
    }
    return scan.errors().stream()
        .flatMap(error -> error.instances().keySet().stream())
        .filter(name -> !name.isEmpty() && !current.contains(name))
        .collect(Collectors.toSet());
  }
}
