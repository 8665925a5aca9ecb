package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a configuration, so that all of it is told at once. */
final class Findings {

  private record Finding(Place place, String message, String next) {
    String line() {
      return place + ": " + message;
    }
  }

  private final List<Finding> found = new ArrayList<>();

  void add(Place place, String message, String next) {
    Finding finding = new Finding(place, message, next);
    if (!found.contains(finding)) {
      found.add(finding);
    }
  }

  int count() {
    return found.size();
  }

  /**
   * Ends the reading if anything was found: the first finding is the summary, the others are
   * details.
   */
  void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    List<Finding> ordered =
        found.stream().sorted(Comparator.comparing(Finding::place, Place.ORDER)).toList();
    Finding first = ordered.get(0);
    List<String> others =
        ordered.stream()
            .skip(1)
            .map(finding -> finding.line() + " (" + finding.next() + ")")
            .toList();
    throw new DeployException.Usage(new Problem(first.line(), first.next(), others));
  }
}
