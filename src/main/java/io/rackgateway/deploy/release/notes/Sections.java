package io.rackgateway.deploy.release.notes;

import static io.rackgateway.deploy.release.notes.Negation.pattern;

import io.rackgateway.deploy.model.ReleaseNote.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headings that a passage stands under, and what they make of it. */
final class Sections {

  /** Headings have levels from 1 to 6; below them come the summaries of HTML's details. */
  static final int SUMMARY_LEVEL = 7;

  /** A line in bold, or one that ends in a colon. */
  static final int LABEL_LEVEL = 8;

  /** An item of a list that announces the items in it; plus the depth of its list. */
  private static final int ITEM_LEVEL = 9;

  /** Removals that no user notices. */
  private static final Pattern INTERNAL =
      pattern(
          "\\b(?:unused|internal(?:ly)?|dead code|dependenc(?:y|ies)|tests?|ci|workflows?|lint\\w*|docs?|documentation|readme"
              + "|comments?|redundant|unnecessary|obsolete (?:code|files?)|duplicated?|temporary|debug (?:logs?|output|prints?)|logging"
              + "|stale|leftover|dev[- ]dependenc\\w+|refactor\\w*)\\b");

  /** What stands at the end of notes, under whatever heading comes last. */
  private static final Pattern FOOTER =
      pattern(
          "^[^\\p{L}\\p{N}]{0,8}(?:full (?:change ?log|diff)|compare|contributors?\\b|new contributors|thanks?\\b|thank you"
              + "|sha256|checksums?|docker (?:image|pull)|downloads?\\b|assets?\\b|released (?:on|by)|happy upgrading)");

  private static final class Section {
    private final int level;
    private final @Nullable Kind kind;
    private final boolean removals;
    private boolean denied;
    private boolean answered;

    private Section(int level, @Nullable Kind kind, boolean removals, boolean denied) {
      this.level = level;
      this.kind = kind;
      this.removals = removals;
      this.denied = denied;
    }
  }

  private final Deque<Section> open = new ArrayDeque<>();

  /** Opens the section of a heading, and closes those that it ends. */
  void open(int level, Headings heading) {
    closeFrom(level);
    Section above = open.peek();
    Kind inherited = above == null || above.denied ? null : above.kind;
    boolean removals = above != null && above.removals && heading.kind() == null;
    if (heading.message() || heading.denied()) {
      open.push(new Section(level, null, false, true));
    } else if (inherited == Kind.BREAKING && !removals) {
      // "Settings" under "Breaking changes" are breaking changes still.
      open.push(new Section(level, Kind.BREAKING, above != null && above.removals, false));
    } else if (heading.kind() != null) {
      open.push(new Section(level, heading.kind(), heading.removals(), false));
    } else {
      open.push(new Section(level, inherited, removals, false));
    }
  }

  static int itemLevel(int depth) {
    return ITEM_LEVEL + depth;
  }

  void closeFrom(int level) {
    while (!open.isEmpty() && open.peek().level >= level) {
      open.pop();
    }
  }

  /** A list has ended: what its items announced, and for the outermost what announced it. */
  void endList(int depth) {
    closeFrom(depth == 1 ? LABEL_LEVEL : itemLevel(depth));
  }

  /**
   * What the headings make of a passage; null when they say nothing about it.
   *
   * @param first its first sentence
   */
  @Nullable Kind kindOf(String text, String first) {
    Section section = open.peek();
    if (section == null || section.kind == null || section.denied || FOOTER.matcher(text).find()) {
      return null;
    }
    if (!section.answered && Negation.isNothing(first)) {
      deny(section.kind);
      return null;
    }
    section.answered = true;
    return section.removals && INTERNAL.matcher(text).find() ? null : section.kind;
  }

  /** "None" answers the nearest heading, and those above that only handed their kind down. */
  private void deny(Kind kind) {
    for (Section section : open) {
      if (section.kind != kind || section.answered) {
        return;
      }
      section.denied = true;
      if (section.level < LABEL_LEVEL) {
        return;
      }
    }
  }
}
