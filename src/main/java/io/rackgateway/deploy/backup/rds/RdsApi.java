package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.model.DeployException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.rds.RdsClient;

/** Calls of the RDS API whose failures are sentences. The client is made by the first call. */
final class RdsApi {

  private final Supplier<RdsClient> clients;
  private final RdsFailure failures;
  private @Nullable RdsClient client;

  RdsApi(Supplier<RdsClient> clients, Clock clock) {
    this.clients = clients;
    this.failures = new RdsFailure(clock);
  }

  /**
   * Makes one call.
   *
   * @param action its IAM action, for messages: {@code rds:CreateDBSnapshot}
   * @throws DeployException.StepFailed for whatever the call itself does not catch
   */
  <T> T call(String action, Function<RdsClient, T> call) {
    try {
      return call.apply(client());
    } catch (SdkException e) {
      throw failures.of(action, e);
    }
  }

  /**
   * One look of a wait: throttling, faults of the service and of the network are no answer, and the
   * wait goes on.
   */
  static <T> Optional<T> patiently(Supplier<Optional<T>> look) {
    try {
      return look.get();
    } catch (DeployException.StepFailed e) {
      if (e.getCause() instanceof SdkException failure && RdsFailure.passing(failure)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private synchronized RdsClient client() {
    RdsClient made = client;
    if (made == null) {
      made = clients.get();
      client = made;
    }
    return made;
  }
}
