package io.rackgateway.deploy.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines that a command printed. */
final class Tail {

  private static final int LINES = 40;

  private final Deque<String> lines = new ArrayDeque<>();

  void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
