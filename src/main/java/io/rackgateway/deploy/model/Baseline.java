package io.rackgateway.deploy.model;

import java.time.Instant;
import java.util.Map;

/**
 * What was true of the gateway before a run touched it, to compare with.
 *
 * @param from when the stretch of log begins that was read
 * @param until when it ends
 * @param traffic how requests were answered in it
 * @param errors signatures of the errors that were logged in it, with how often each was; a
 *     signature is a line without what differs from one time to the next
 */
public record Baseline(Instant from, Instant until, Traffic traffic, Map<String, Integer> errors) {

  public Baseline {
    errors = Map.copyOf(errors);
  }
}
