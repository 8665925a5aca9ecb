package io.rackgateway.deploy.verify.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds the first of several words in a text, ASCII letters in either case: Horspool's search
 * (Software: Practice and Experience 10, 1980) for several words at once. It looks at one character
 * in three or four where a regular expression looks at each several times.
 */
final class WordSearch {

  private static final int ASCII = 128;

  private final String[] words;
  private final boolean ignoreCase;
  private final int length;
  private final int[] shifts = new int[ASCII];

  /**
   * @param words not empty, of ASCII characters
   */
  WordSearch(List<String> words, boolean ignoreCase) {
    this.words = words.toArray(String[]::new);
    this.ignoreCase = ignoreCase;
    this.length = words.stream().mapToInt(String::length).min().orElseThrow();
    Arrays.fill(shifts, length);
    for (String word : words) {
      for (int i = 0; i < length; i++) {
        String c = word.substring(i, i + 1);
        shift(c, i);
        if (ignoreCase) {
          shift(c.toLowerCase(Locale.ROOT), i);
          shift(c.toUpperCase(Locale.ROOT), i);
        }
      }
    }
  }

  private void shift(String c, int position) {
    int at = c.charAt(0);
    shifts[at] = Math.min(shifts[at], length - 1 - position);
  }

  /** Where the first of the words begins at or after a place; -1 if there is none. */
  int find(String text, int from, int end) {
    int last = from + length - 1;
    while (last < end) {
      char c = text.charAt(last);
      int shift = c < ASCII ? shifts[c] : length;
      if (shift > 0) {
        last += shift;
        continue;
      }
      int begin = last - length + 1;
      for (String word : words) {
        if (begin + word.length() <= end
            && text.regionMatches(ignoreCase, begin, word, 0, word.length())) {
          return begin;
        }
      }
      last++;
    }
    return -1;
  }
}
