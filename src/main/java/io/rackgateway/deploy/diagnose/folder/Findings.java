package io.rackgateway.deploy.diagnose.folder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong as far as can be told, the likeliest cause first. Thread-safe. */
final class Findings {

  /** How close to the cause a finding is, closest first. */
  enum Rank {
    /** The platform itself is out of reach, so that little else can be told. */
    PLATFORM,
    /** An instance that ended says why, as a rule. */
    INSTANCE,
    DATABASE,
    SCHEMA,
    /** What is seen from outside is an effect more often than a cause. */
    HEALTH,
    SURROUNDINGS,
    RUN
  }

  private record Finding(Rank rank, String sentence) {}

  private final List<Finding> all = new ArrayList<>();

  synchronized void add(Rank rank, String sentence) {
    Finding finding = new Finding(rank, sentence);
    if (!all.contains(finding)) {
      all.add(finding);
    }
  }

  synchronized List<String> sentences() {
    return all.stream()
        .sorted(Comparator.comparing(Finding::rank))
        .map(Finding::sentence)
        .distinct()
        .toList();
  }
}
