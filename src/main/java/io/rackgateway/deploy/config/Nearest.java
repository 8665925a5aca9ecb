package io.rackgateway.deploy.config;

import io.rackgateway.deploy.text.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Nearest {

  private Nearest() {}

  /** The known word that takes the fewest edits, if they are few for its length. */
  static Optional<String> of(String word, Collection<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> distance(lower, candidate) <= Math.max(1, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(lower, candidate)));
  }

  /** The text, with the nearest of the known words as a question after it, if there is one. */
  static String hint(String word, Collection<String> known, String text) {
    return of(word, known).map(near -> text + "; did you mean '" + near + "'?").orElse(text);
  }

  /** Upper and lower case are the same. */
  private static int distance(String lower, String candidate) {
    return EditDistance.between(lower, candidate.toLowerCase(Locale.ROOT));
  }
}
