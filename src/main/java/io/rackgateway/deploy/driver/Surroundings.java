package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Gate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the platform gives the gateway, as far as gates judge it.
 *
 * @param environment the names of the variables that are set for the gateway; null when not known
 * @param imagePlatform what the host runs, as {@code linux/amd64}; null where no images run or it
 *     is not known
 * @param imageOnHost whether the target's image is on the host already, so that it could run
 *     without a registry
 * @param availability what the platform does to keep the gateway answering; null when not known
 * @param basics what the driver itself judges of disk, clock and permissions
 */
public record Surroundings(
    @Nullable Set<String> environment,
    @Nullable String imagePlatform,
    boolean imageOnHost,
    @Nullable Availability availability,
    List<Gate> basics) {

  /**
   * What keeps a gateway answering during a rollout.
   *
   * @param instances how many copies should run
   * @param healthCheck whether the platform looks at each copy's health
   * @param rolling whether copies are replaced one after another, or beside the old ones
   * @param minimum how many copies keep running meanwhile; null when the platform does not say
   */
  public record Availability(
      int instances, boolean healthCheck, boolean rolling, @Nullable Integer minimum) {}

  public Surroundings {
    environment = environment == null ? null : Set.copyOf(environment);
    basics = List.copyOf(basics);
  }

  /** Where nothing is known. */
  public static Surroundings unknown() {
    return new Surroundings(null, null, false, null, List.of());
  }
}
