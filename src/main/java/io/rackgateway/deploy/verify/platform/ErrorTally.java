package io.rackgateway.deploy.verify.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Counts the errors of one signature, and keeps the first with the lines around it. */
final class ErrorTally {

  private static final int AROUND = 2;

  private final String signature;
  private final List<String> excerpt = new ArrayList<>();
  private final TreeMap<String, Long> instances = new TreeMap<>();
  private long times;
  private int linesToCome;

  ErrorTally(String signature) {
    this.signature = signature;
  }

  void count(String instance) {
    times++;
    instances.merge(instance, 1L, Long::sum);
  }

  /** Keeps the first line with those before it. */
  void begin(List<String> before, String line) {
    excerpt.addAll(before);
    excerpt.add(line);
    linesToCome = AROUND;
  }

  /** Takes a line that follows; says whether it waits for another. */
  boolean follow(String line) {
    excerpt.add(line);
    linesToCome--;
    return linesToCome > 0;
  }

  LoggedError told() {
    return new LoggedError(signature, times, instances, excerpt);
  }

  long times() {
    return times;
  }
}
