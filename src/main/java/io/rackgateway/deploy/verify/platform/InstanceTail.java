package io.rackgateway.deploy.verify.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last two lines of an instance, and the errors that still wait for the lines after them. */
final class InstanceTail {

  private static final int QUOTED = 200;

  private final List<ErrorTally> waiting = new ArrayList<>();
  private @Nullable String last;
  private @Nullable String lastButOne;

  /** The lines before the one that comes next, oldest first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (lastButOne != null) {
      lines.add(cut(lastButOne));
    }
    if (last != null) {
      lines.add(cut(last));
    }
    return lines;
  }

  /** The line has passed. */
  void pass(String line) {
    if (!waiting.isEmpty()) {
      waiting.removeIf(tally -> !tally.follow(cut(line)));
    }
    lastButOne = last;
    last = line;
  }

  /** The error of the line that passed last wants those that follow. */
  void await(ErrorTally tally) {
    waiting.add(tally);
  }

  static String cut(String line) {
    String text = line.strip();
    return text.length() > QUOTED ? text.substring(0, QUOTED) + "…" : text;
  }
}
