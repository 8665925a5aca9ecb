package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches how the gateway answers its users: before a run, and once it runs a new version. */
public interface Watch {

  /** What a new version has to keep to while it is watched; empty where it is not. */
  Optional<BakeLimits> limits();

  /**
   * Reads what was true of the gateway until an instant.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if it cannot be read
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run is cancelled meanwhile
   */
  Baseline before(Instant until);

  /**
   * Watches the version that runs now, until its time is over or it is clearly bad.
   *
   * @return how it did; its verdict is a failure where it did not keep to the limits
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if the run is cancelled meanwhile
   */
  Bake bake(Baking baking);

  /**
   * Looks once at the version that runs now, and judges it by this and all looks before.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Cancelled if it is cancelled meanwhile
   */
  Look look(Looking looking);

  /**
   * What is watched, and what it is compared with.
   *
   * @param since since when the version counts: what its log tells from then on
   * @param before what was true before; null where that is not known
   * @param probesBefore how the health probes did before; null where that is not known
   * @param probes the health probes as they are counted all the while
   * @param earlier how it stood when another process was killed while it watched; null where none
   *     was
   * @param progress is told how it stands
   */
  record Baking(
      BakeLimits limits,
      Instant since,
      @Nullable Baseline before,
      @Nullable ProbeCount probesBefore,
      AvailabilityProbe.Measurement probes,
      @Nullable Bake earlier,
      Consumer<Bake> progress) {}

  /**
   * What is looked at.
   *
   * @param limits what it has to keep to; their period is how long an upgrade is looked after
   * @param since when the upgrade ended
   * @param before what was true before it; null where that is not known
   * @param earlier the looks so far, oldest first
   * @param probes the health probes of this look
   */
  record Looking(
      RunId run,
      BakeLimits limits,
      Instant since,
      @Nullable Baseline before,
      List<Look> earlier,
      ProbeCount probes) {

    public Looking {
      earlier = List.copyOf(earlier);
    }
  }
}
