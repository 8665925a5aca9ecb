package io.rackgateway.deploy.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is true of a deployed gateway now, read from its platform.
 *
 * @param platform the driver's name: {@code compose}, {@code host}
 * @param location where it runs, for people: {@code service gateway of project prod}
 * @param reference what the manifest says should run: an image reference or a version
 * @param version the version that should run, null when the reference does not tell
 * @param instances the running and failed copies
 */
public record Observation(
    String platform,
    String location,
    String reference,
    @Nullable Version version,
    List<Instance> instances) {

  public Observation {
    instances = List.copyOf(instances);
  }

  public Optional<Version> knownVersion() {
    return Optional.ofNullable(version);
  }
}
