package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.model.Downtime;
import java.util.Optional;

/** Watches from outside whether the gateway answers. */
public interface AvailabilityProbe {

  /** Starts watching, until the measurement is ended. */
  Measurement start();

  /** Whether it sends any probe at all. */
  default boolean watches() {
    return true;
  }

  /** Watches nothing, where that was switched off. */
  static AvailabilityProbe none() {
    return new AvailabilityProbe() {
      @Override
      public boolean watches() {
        return false;
      }

      @Override
      public Measurement start() {
        return new Measurement() {
          @Override
          public Optional<Downtime> downtime() {
            return Optional.empty();
          }

          @Override
          public ProbeCount count() {
            return ProbeCount.NONE;
          }

          @Override
          public void close() {}
        };
      }
    };
  }

  /** A measurement under way. */
  interface Measurement extends AutoCloseable {

    /**
     * What was seen so far; empty when the gateway did not answer to begin with, so that nothing
     * can be said.
     */
    Optional<Downtime> downtime();

    /** The probes so far, also of a gateway that did not answer to begin with. */
    ProbeCount count();

    /** Ends the measurement. Idempotent. */
    @Override
    void close();
  }
}
