package io.rackgateway.deploy.event;

import io.rackgateway.deploy.model.RunId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers and dates events and hands each to every listener, in one order for all. Thread-safe. */
public final class EventStream implements Events {

  private final Clock clock;
  private final List<Consumer<EventRecord>> listeners = new CopyOnWriteArrayList<>();
  private long sequence;
  private @Nullable String run;

  public EventStream(Clock clock) {
    this.clock = clock;
  }

  /** Adds a listener for the events from now on. */
  public void addListener(Consumer<EventRecord> listener) {
    listeners.add(listener);
  }

  /** The run that later events belong to. */
  public synchronized void setRun(RunId id) {
    run = id.value();
  }

  /** The run that events belong to now. */
  public synchronized Optional<String> run() {
    return Optional.ofNullable(run);
  }

  /** Tells an event if the condition holds at that very moment, between two other events. */
  public synchronized void emitIf(BooleanSupplier condition, Event event) {
    if (condition.getAsBoolean()) {
      emit(event);
    }
  }

  @Override
  public synchronized void emit(Event event) {
    EventRecord numbered = new EventRecord(++sequence, clock.instant(), run, event);
    for (Consumer<EventRecord> listener : listeners) {
      listener.accept(numbered);
    }
  }
}
