package io.rackgateway.deploy.release.notes;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a passage, and what was special about them.
 *
 * @param text plain
 * @param prose the same, with the characters of inline code blanked out
 * @param emphasised where something stands in bold, italics or inline code
 * @param links the addresses that it links to
 * @param lines where each line of the notes begins in the text, ascending
 */
record Words(
    String text, String prose, List<Span> emphasised, List<String> links, List<Start> lines) {

  /** A part of the text; the end is exclusive. */
  record Span(int start, int end, boolean bold) {}

  /** From which index on the text stands on a line of the notes. */
  record Start(int index, int line) {}

  boolean isBlank() {
    return text.isBlank();
  }

  int line(int index) {
    int line = lines.isEmpty() ? 1 : lines.get(0).line();
    for (Start start : lines) {
      if (start.index() > index) {
        break;
      }
      line = start.line();
    }
    return line;
  }

  /** Whether nothing but signs stands outside of what is bold: a heading that is none. */
  boolean isBold() {
    int at = 0;
    boolean any = false;
    for (Span span : emphasised) {
      if (span.bold()) {
        if (hasLetters(at, span.start())) {
          return false;
        }
        at = Math.max(at, span.end());
        any = true;
      }
    }
    return any && !hasLetters(at, text.length());
  }

  private boolean hasLetters(int from, int to) {
    return from < to && text.substring(from, to).codePoints().anyMatch(Character::isLetterOrDigit);
  }

  /** Whether it is only links into the same page: a line of a table of contents. */
  boolean isContents() {
    return links.size() == 1 && links.get(0).startsWith("#") && text.length() < 120;
  }

  /** Collects words. */
  static final class Builder {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder prose = new StringBuilder();
    private final List<Span> emphasised = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<Start> lines = new ArrayList<>();

    int length() {
      return text.length();
    }

    Builder onLine(int line) {
      if (lines.isEmpty() || lines.get(lines.size() - 1).line() != line) {
        lines.add(new Start(text.length(), line));
      }
      return this;
    }

    Builder add(String words) {
      text.append(words);
      prose.append(words);
      return this;
    }

    Builder code(String words) {
      text.append(words);
      prose.append("`".repeat(words.length()));
      return emphasis(text.length() - words.length(), false);
    }

    /** What was added since the index is emphasised. */
    Builder emphasis(int from, boolean bold) {
      emphasised.add(new Span(from, text.length(), bold));
      return this;
    }

    Builder link(String address) {
      links.add(address);
      return this;
    }

    Words build() {
      return new Words(
          text.toString(),
          prose.toString(),
          List.copyOf(emphasised),
          List.copyOf(links),
          List.copyOf(lines));
    }
  }
}
