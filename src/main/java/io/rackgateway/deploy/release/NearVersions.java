package io.rackgateway.deploy.release;

import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.text.EditDistance;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.semver4j.Semver;

/**
 * Finds the versions that were probably meant: the one before, the one after, and the one that is
 * written most alike.
 */
final class NearVersions {

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
        .filter(version -> !near.contains(version) && slip(wanted.number(), version.number()))
        .min(Comparator.comparing(version -> apart(wanted, version)))
        .ifPresent(near::add);
    return near.stream().sorted().toList();
  }

  /** A character wrong, missing or too many, or two exchanged. */
  private static boolean slip(String one, String other) {
    int edits = EditDistance.between(one, other);
    return edits == 1 || (edits == 2 && sorted(one).equals(sorted(other)));
  }

  private static String sorted(String text) {
    char[] characters = text.toCharArray();
    Arrays.sort(characters);
    return new String(characters);
  }

  /** How far the numbers of two versions lie apart, as numbers of a version. */
  private static Version apart(Version one, Version other) {
    Semver a = one.semver();
    Semver b = other.semver();
    return new Version(
        Semver.create(
            Math.abs(a.getMajor() - b.getMajor()),
            Math.abs(a.getMinor() - b.getMinor()),
            Math.abs(a.getPatch() - b.getPatch())));
  }
}
