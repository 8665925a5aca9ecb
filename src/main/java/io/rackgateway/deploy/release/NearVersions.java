package io.rackgateway.deploy.release;

import io.rackgateway.deploy.model.Version;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the versions that were probably meant: the one before, the one after, and the one that is
 * written most alike.
 */
final class NearVersions {

  /** A slip: a digit wrong, missing or too many, or two exchanged. */
  private static final int MOST_EDITS = 2;

  private NearVersions() {}

  /** Three at most, ascending. */
  static List<Version> of(Version wanted, Collection<Version> known) {
    Set<Version> near = new LinkedHashSet<>();
    known.stream()
        .filter(version -> version.compareTo(wanted) < 0)
        .max(Comparator.naturalOrder())
        .ifPresent(near::add);
    known.stream()
        .filter(version -> version.compareTo(wanted) > 0)
        .min(Comparator.naturalOrder())
        .ifPresent(near::add);
    known.stream()
        .filter(version -> !near.contains(version) && edits(wanted, version) <= MOST_EDITS)
        .min(Comparator.comparingInt(version -> edits(wanted, version)))
        .ifPresent(near::add);
    return near.stream().sorted().toList();
  }

  private static int edits(Version one, Version other) {
    return edits(one.number(), other.number());
  }

  /** Levenshtein's distance: insertions, deletions and replacements. */
  private static int edits(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int column = 0; column <= other.length(); column++) {
      row[column] = column;
    }
    for (int line = 1; line <= one.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column <= other.length(); column++) {
        int replaced = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
      }
    }
    return row[other.length()];
  }
}
