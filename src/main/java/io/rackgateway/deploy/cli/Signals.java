package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.time.Cancellation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What SIGINT and SIGTERM do: the first asks the run to stop after its current effect, the second
 * stops at once and leaves the rest to {@code resume}.
 */
final class Signals implements AutoCloseable {

  private final Map<String, Object> previous = new LinkedHashMap<>();

  private Signals() {}

  static Signals install(Cancellation cancellation, Output output) {
    Signals signals = new Signals();
    for (String name : new String[] {"INT", "TERM"}) {
      Object before =
          org.jline.utils.Signals.register(name, () -> received(name, cancellation, output));
      if (before != null) {
        signals.previous.put(name, before);
      }
    }
    return signals;
  }

  private static void received(String name, Cancellation cancellation, Output output) {
    // Each signal comes on a thread of its own: asking is what decides which of two was the first.
    if (cancellation.request("SIG" + name)) {
      output.errorLine(
          "SIG" + name + ": finishing the current step, then stopping; once more stops at once");
      return;
    }
    output.errorLine("SIG" + name + ": stopping at once; 'resume' finishes or undoes the run");
    // Not exit: shutdown hooks could wait for the very work that is to be abandoned. The journal is
    // written ahead, so nothing is lost.
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
  }

  @Override
  public void close() {
    previous.forEach(org.jline.utils.Signals::unregister);
  }
}
