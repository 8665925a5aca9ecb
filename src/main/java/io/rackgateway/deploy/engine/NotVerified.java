package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.verify.Expectation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a version did not pass its verification. Asks the platform while that version is still there:
 * what it logged may be gone after the rollback.
 */
record NotVerified(DeployDriver driver, Expectation expectation, List<String> failures) {

  private static final int LOG_LINES = 10;

  /** An instance that died explains all else; otherwise the first check that failed leads. */
  Problem problem() {
    Optional<Problem> death = death();
    if (death.isPresent()) {
      Problem dead = death.get();
      List<String> details =
          new ArrayList<>(
              failures.stream().filter(failure -> !failure.contains(dead.summary())).toList());
      details.addAll(dead.details());
      return new Problem(summary(dead.summary()), dead.next(), details);
    }
    List<String> details = new ArrayList<>(failures.subList(1, failures.size()));
    List<String> log = log();
    if (!log.isEmpty()) {
      details.add("the last lines it logged:");
      details.addAll(log);
    }
    return new Problem(
        summary(failures.get(0)), "find out why from what it logged, then try again", details);
  }

  private String summary(String reason) {
    return expectation.version() + " did not pass: " + reason;
  }

  private Optional<Problem> death() {
    try {
      return driver.failure();
    } catch (DeployException e) {
      // The platform cannot be asked just now; the checks say enough.
      return Optional.empty();
    }
  }

  private List<String> log() {
    try {
      List<String> lines = driver.logs(expectation.since());
      return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    } catch (DeployException e) {
      return List.of();
    }
  }
}
