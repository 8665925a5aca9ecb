package io.rackgateway.deploy.buildcontext;

import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the folder that a context is large by. */
final class LargestFolder {

  private final Map<String, Long> sums = new LinkedHashMap<>();

  /**
   * Counts a file.
   *
   * @param name relative, with slashes
   * @param weight bytes, or one for each file
   */
  void add(String name, long weight) {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      sums.merge(name.substring(0, slash), weight, Long::sum);
    }
  }

  /** The innermost folder that holds most of the one around it; empty when there is none at all. */
  String name() {
    String found = "";
    String next = largest("");
    while (!next.isEmpty() && (found.isEmpty() || weight(next) * 2 > weight(found))) {
      found = next;
      next = largest(found);
    }
    return found;
  }

  long weight(String folder) {
    return sums.getOrDefault(folder, 0L);
  }

  private String largest(String parent) {
    String prefix = parent.isEmpty() ? "" : parent + "/";
    return sums.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> entry.getKey().indexOf('/', prefix.length()) < 0)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }
}
