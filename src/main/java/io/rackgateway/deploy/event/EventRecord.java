package io.rackgateway.deploy.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event with its place in the stream.
 *
 * @param sequence counts from 1 within one process, without gaps
 * @param time when it happened, UTC
 * @param run the run it belongs to, null before a run has an identity
 */
public record EventRecord(long sequence, Instant time, @Nullable String run, Event event) {

  /** The version of the JSON form; it grows when a reader of the old form would be misled. */
  public static final int SCHEMA = 1;
}
