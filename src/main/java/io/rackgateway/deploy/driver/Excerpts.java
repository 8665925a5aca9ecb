package io.rackgateway.deploy.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the first and the last lines of each instance, however many there are in between. */
final class Excerpts {

  private final int lines;
  private final Map<String, List<String>> first = new LinkedHashMap<>();
  private final Map<String, Deque<String>> last = new LinkedHashMap<>();

  Excerpts(int lines) {
    this.lines = lines;
  }

  synchronized void add(String instance, String line) {
    List<String> head = first.computeIfAbsent(instance, name -> new ArrayList<>());
    if (head.size() < lines) {
      head.add(line);
      return;
    }
    Deque<String> tail = last.computeIfAbsent(instance, name -> new ArrayDeque<>());
    tail.addLast(line);
    if (tail.size() > lines) {
      tail.removeFirst();
    }
  }

  synchronized List<LogExcerpt> all() {
    return first.entrySet().stream()
        .map(
            entry ->
                new LogExcerpt(
                    entry.getKey(),
                    entry.getValue(),
                    List.copyOf(last.getOrDefault(entry.getKey(), new ArrayDeque<>()))))
        .toList();
  }
}
