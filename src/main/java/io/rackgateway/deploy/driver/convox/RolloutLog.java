package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackLog;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.time.Waits;
import java.util.regex.Pattern;

/**
 * The app's log while a rollout goes on. What the rack itself says there of the app is shown, and
 * wakes whoever waits when it is that the app's state has changed. Racks that keep no such lines,
 * and gateways that let no logs be read, cost the sooner answer and nothing else.
 */
final class RolloutLog implements AutoCloseable {

  /** {@code 2026-03-01T10:00:00Z system/k8s/atom/app Status: Updating => Running}. */
  private static final Pattern SYSTEM = Pattern.compile("^\\S+ system/\\S+ .*");

  private static final Pattern STATE = Pattern.compile(" Status: \\S+ => \\S+");

  private final Waits.Wakeup wakeup = new Waits.Wakeup();
  private final RackLog log;

  RolloutLog(Rack rack, Events events) {
    log =
        rack.appLog(
            line -> {
              if (SYSTEM.matcher(line).matches()) {
                events.emit(new Event.Output("rollout", line));
                if (STATE.matcher(line).find()) {
                  wakeup.signal();
                }
              }
            });
  }

  /** Signalled when the state of the app has changed. */
  Waits.Wakeup wakeup() {
    return wakeup;
  }

  @Override
  public void close() {
    log.close();
  }
}
