package io.rackgateway.deploy.event;

/**
 * Where a run tells what happens. Thread-safe; never throws for an event that could not be
 * delivered.
 */
@FunctionalInterface
public interface Events {

  /** Tells one event. */
  void emit(Event event);

  /** Tells nobody. */
  static Events none() {
    return event -> {};
  }
}
