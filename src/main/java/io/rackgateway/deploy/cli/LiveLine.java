package io.rackgateway.deploy.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One line at the end of a terminal that is redrawn in place: the phase, how long it has lasted,
 * what is waited for and whether the gateway answers. Does nothing where there is no terminal.
 * Thread-safe.
 */
final class LiveLine implements AutoCloseable {

  private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final int PERIOD_MILLIS = 120;
  private static final String ERASE = "\r\u001b[2K";

  private final Output output;
  private final Style style;
  private final Clock clock;
  private final int width;
  private final boolean enabled;
  private final @Nullable ScheduledExecutorService ticker;

  private @Nullable String phase;
  private String activity = "";
  private String availability = "";
  private Instant since = Instant.EPOCH;
  private int frame;
  private boolean drawn;

  private LiveLine(Output output, Style style, Clock clock, int width, boolean enabled) {
    this.output = output;
    this.style = style;
    this.clock = clock;
    this.width = width;
    this.enabled = enabled;
    this.ticker = enabled ? startTicker() : null;
  }

  /** A line on a terminal of that many columns. */
  static LiveLine on(Output output, Style style, Clock clock, int width) {
    return new LiveLine(output, style, clock, width, true);
  }

  /** No line: the output is a file or a CI log. */
  static LiveLine none(Output output) {
    return new LiveLine(output, Style.PLAIN, Clock.systemUTC(), 0, false);
  }

  synchronized void show(String newPhase, String newActivity) {
    if (!newPhase.equals(phase)) {
      since = clock.instant();
    }
    phase = newPhase;
    activity = Output.clean(newActivity);
    draw();
  }

  synchronized void waiting(String what, Instant waitingSince, Duration limit) {
    long seconds = Duration.between(waitingSince, clock.instant()).toSeconds();
    activity = Output.clean(what) + " (" + seconds + " of " + limit.toSeconds() + " s)";
    draw();
  }

  synchronized void availability(String text) {
    availability = text;
  }

  /** Prints lines that stay, above the live line. */
  synchronized void above(Runnable printing) {
    erase();
    printing.run();
    draw();
  }

  /** Removes the line. */
  synchronized void clear() {
    erase();
    phase = null;
  }

  @Override
  public void close() {
    clear();
    if (ticker != null) {
      ticker.shutdownNow();
    }
  }

  private void erase() {
    if (drawn) {
      output.raw(ERASE);
      drawn = false;
    }
  }

  private void draw() {
    String name = phase;
    if (!enabled || name == null) {
      return;
    }
    String elapsed = Durations.show(Duration.between(since, clock.instant()));
    String tail = availability.isEmpty() ? "" : " · gateway " + availability;
    String text = FRAMES[frame] + " " + name + " " + elapsed + tail;
    if (!activity.isEmpty()) {
      text += " · " + activity;
    }
    if (text.length() > width - 1) {
      text = text.substring(0, Math.max(0, width - 2)) + "…";
    }
    output.raw(ERASE + style.dim(text));
    drawn = true;
  }

  private synchronized void tick() {
    frame = (frame + 1) % FRAMES.length;
    draw();
  }

  private ScheduledExecutorService startTicker() {
    ScheduledExecutorService service =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "live-line");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        service.scheduleAtFixedRate(
            this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return service;
  }
}
