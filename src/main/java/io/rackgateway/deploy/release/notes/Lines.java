package io.rackgateway.deploy.release.notes;

import java.util.ArrayList;
import java.util.List;

/**
 * Markdown whose longest stretch without an empty line is bounded. The time that a Markdown parser
 * takes grows faster than a paragraph does, so overlong ones are parted by an empty line; every
 * line remembers where it was written.
 */
final class Lines {

  /** Longer than any paragraph that a person writes, and parsed in milliseconds at its worst. */
  static final int LONGEST_STRETCH = 2048;

  private final StringBuilder text = new StringBuilder();
  private final List<Integer> numbers = new ArrayList<>();
  private int stretch;

  /** The first two lines of the stretch, with their number; a table needs them after a parting. */
  private final List<String> head = new ArrayList<>();

  private int headNumber;

  private Lines() {}

  static Lines of(String markdown) {
    Lines lines = new Lines();
    int number = 1;
    int start = 0;
    while (start < markdown.length()) {
      int end = markdown.indexOf('\n', start);
      end = end < 0 ? markdown.length() : end;
      lines.add(markdown, start, end, number++);
      start = end + 1;
    }
    return lines;
  }

  String text() {
    return text.toString();
  }

  /** The line, from 1, on which a line of the text, from 0, was written. */
  int written(int line) {
    return numbers.isEmpty() ? 1 : numbers.get(Math.min(Math.max(line, 0), numbers.size() - 1));
  }

  private void add(String markdown, int start, int end, int number) {
    int from = start;
    while (end - from > LONGEST_STRETCH) {
      int to = part(markdown, from);
      part(number);
      put(markdown, from, to, number);
      from = to;
    }
    if (isBlank(markdown, from, end)) {
      endStretch();
    } else if (stretch + end - from > LONGEST_STRETCH) {
      List<String> header = isTable() ? List.copyOf(head) : List.of();
      int headerNumber = headNumber;
      part(number);
      for (int line = 0; line < header.size(); line++) {
        put(header.get(line), 0, header.get(line).length(), headerNumber + line);
      }
    }
    put(markdown, from, end, number);
  }

  /** Where to part an overlong line: at a blank near the bound, else between two characters. */
  private static int part(String markdown, int from) {
    int bound = from + LONGEST_STRETCH;
    int blank = markdown.lastIndexOf(' ', bound);
    if (blank > bound - 200) {
      return blank + 1;
    }
    return Character.isLowSurrogate(markdown.charAt(bound)) ? bound - 1 : bound;
  }

  private void part(int number) {
    put("", 0, 0, number);
    endStretch();
  }

  private void endStretch() {
    stretch = 0;
    head.clear();
  }

  /** Whether the stretch began with the header of a table and its line of dashes. */
  private boolean isTable() {
    return head.size() == 2
        && head.get(0).length() + head.get(1).length() < LONGEST_STRETCH / 4
        && head.get(0).contains("|")
        && head.get(1).contains("-")
        && head.get(1).chars().allMatch(c -> "|:- \t".indexOf(c) >= 0);
  }

  private void put(String markdown, int from, int to, int number) {
    text.append(markdown, from, to).append('\n');
    numbers.add(number);
    stretch += to - from;
    if (head.size() < 2 && stretch > 0) {
      headNumber = head.isEmpty() ? number : headNumber;
      head.add(markdown.substring(from, to));
    }
  }

  private static boolean isBlank(String text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (!Character.isWhitespace(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }
}
