package io.rackgateway.deploy.release.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Parts a passage into sentences of bounded length; a marked line begins one of its own. */
final class Sentences {

  /** No sentence is judged beyond it, so that judging takes time in proportion to the notes. */
  static final int LONGEST = 1000;

  private static final Pattern ABBREVIATION =
      Pattern.compile("(?:\\b(?:e\\.g|i\\.e|vs|etc|cf|approx|no))\\.$", Pattern.CASE_INSENSITIVE);

  /**
   * A sentence.
   *
   * @param marked whether it begins with a marker
   */
  record Sentence(int start, int end, boolean marked) {}

  private Sentences() {}

  static List<Sentence> of(String prose) {
    List<Sentence> sentences = new ArrayList<>();
    int start = 0;
    boolean marked = begins(prose, 0);
    boolean words = false;
    for (int at = 0; at < prose.length(); at++) {
      words |= Character.isLetterOrDigit(prose.charAt(at));
      boolean line = prose.charAt(at) == '\n' && begins(prose, at + 1);
      if (line || at - start >= LONGEST || (words && ends(prose, start, at))) {
        sentences.add(new Sentence(start, at + 1, marked));
        start = at + 1;
        words = false;
        marked = begins(prose, start);
      }
    }
    if (start < prose.length()) {
      sentences.add(new Sentence(start, prose.length(), marked));
    }
    return sentences;
  }

  private static boolean begins(String prose, int at) {
    return BreakingMarkers.begins(prose.substring(at, Math.min(prose.length(), at + 120)));
  }

  private static boolean ends(String prose, int start, int at) {
    char c = prose.charAt(at);
    if (c != '.' && c != '!' && c != '?') {
      return false;
    }
    boolean last = at + 1 == prose.length() || Character.isWhitespace(prose.charAt(at + 1));
    if (!last || at == start) {
      return last && at + 1 == prose.length();
    }
    return !ABBREVIATION.matcher(prose.substring(Math.max(start, at - 10), at + 1)).find();
  }
}
