package io.rackgateway.deploy.release.notes;

import io.rackgateway.deploy.model.ReleaseNote.Finding;
import io.rackgateway.deploy.model.ReleaseNote.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads passages one after another and finds those that concern an upgrade. */
final class Judgement {

  /** Findings of one kind in the notes of one release; what comes after them is only counted. */
  static final int MOST = 20;

  private static final Set<String> URGENT = Set.of("IMPORTANT", "WARNING", "CAUTION");

  /** A sign or a word that asks for attention, at the start of a passage. */
  private static final Pattern WARNING_SIGN =
      Negation.pattern(
          "^[^\\p{L}\\p{N}]{0,8}(?:⚠|:warning:|(?:warning|important|attention|caution|heads[ -]up)[^\\p{L}\\p{N}:]{0,4}[:!])");

  /** A box of a form that was left empty, with a word or two. */
  private static final Pattern EMPTY_BOX = Negation.pattern("^\\s*\\[ ]\\s*(?:[\\w-]+\\s*){1,4}$");

  private static final Pattern BREAKING_COLUMN = Negation.pattern("^\\W{0,4}breaking");
  private static final Pattern YES =
      Negation.pattern(
          "^\\W{0,4}(?:yes|y|true|x|breaking|major)\\b|✅|✔|☑|💥|⚠|❗|:white_check_mark:|:warning:|:boom:|:x:");
  private static final Pattern SETTING_COLUMN =
      Negation.pattern(
          "^\\W{0,4}(?:(?:environment |env )?variables?|env(?:ironment)?(?: vars?)?|settings?|options?|config(?:uration)?(?: keys?)?)\\W{0,4}$");
  private static final Pattern CONVENTIONAL_CELL =
      Negation.pattern("^\\W{0,3}[a-z]{2,12}(?:\\([^()]{1,40}\\))?!\\W{0,3}$");

  private final Sections sections = new Sections();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final Deque<String> quotes = new ArrayDeque<>();

  /** Per depth of list, what was found in the item that is open there. */
  private final Map<Integer, Set<Kind>> found = new HashMap<>();

  private boolean alertOpen;

  static List<Finding> of(List<Passage> passages) {
    Judgement judgement = new Judgement();
    passages.forEach(judgement::take);
    return judgement.finish();
  }

  private void take(Passage passage) {
    if (passage instanceof Passage.Heading heading) {
      heading(heading.level(), heading.words());
    } else if (passage instanceof Passage.Text text) {
      text(text);
    } else if (passage instanceof Passage.Row row) {
      row(row);
    } else if (passage instanceof Passage.Quote quote) {
      quotes.push(quote.alert());
      alertOpen = URGENT.contains(quote.alert());
    } else if (passage instanceof Passage.End end) {
      end(end);
    } else if (passage instanceof Passage.Unread unread) {
      add(Kind.BREAKING, unread.reason() + " was not read", unread.line());
    }
  }

  private void end(Passage.End end) {
    switch (end.what()) {
      case QUOTE -> {
        quotes.poll();
        alertOpen = false;
      }
      case LIST -> {
        found.keySet().removeIf(depth -> depth >= end.depth());
        sections.endList(end.depth());
      }
      case DETAILS -> sections.closeFrom(Sections.SUMMARY_LEVEL);
    }
  }

  private void heading(int level, Words words) {
    Headings heading = Headings.of(words);
    found.clear();
    sections.open(level, heading);
    String text = words.text();
    if (heading.message()) {
      add(Kind.BREAKING, text, words.line(0));
    } else if (!heading.denied()
        && heading.kind() != Kind.SECURITY
        && OtherMarkers.identifier(text)) {
      add(Kind.SECURITY, text, words.line(0));
    }
  }

  private void text(Passage.Text passage) {
    Words words = passage.words();
    int depth = passage.depth();
    if (passage.beginsItem()) {
      found.keySet().removeIf(deeper -> deeper >= depth);
      sections.closeFrom(Sections.itemLevel(depth));
    }
    if (depth > 0) {
      found.computeIfAbsent(depth, at -> EnumSet.noneOf(Kind.class));
    }
    if (words.isBlank() || words.isContents()) {
      return;
    }
    Headings label = labelOf(words);
    if (label != null) {
      if (label.message()) {
        remember(depth, add(Kind.BREAKING, words.text(), words.line(0)));
      }
      sections.open(depth > 0 ? Sections.itemLevel(depth) : Sections.LABEL_LEVEL, label);
      return;
    }
    judge(words, depth, EnumSet.noneOf(Kind.class));
  }

  /** A paragraph that serves as a heading: all in bold, or a few words that end in a colon. */
  private static @Nullable Headings labelOf(Words words) {
    String text = words.text().strip();
    boolean colon = text.endsWith(":");
    if (text.length() > 80 || text.indexOf('\n') >= 0 || (!colon && !words.isBold())) {
      return null;
    }
    Headings label = Headings.of(words);
    return label.kind() != null || words.isBold() ? label : null;
  }

  private void row(Passage.Row row) {
    Set<Kind> given = EnumSet.noneOf(Kind.class);
    boolean judged = false;
    for (int column = 0; column < row.header().size(); column++) {
      String name = row.header().get(column);
      String cell = column < row.cells().size() ? row.cells().get(column) : "";
      if (BREAKING_COLUMN.matcher(name).find()) {
        judged = true;
        if (YES.matcher(cell).find() || (cell.length() > 12 && !Negation.isNothing(cell))) {
          given.add(Kind.BREAKING);
        }
      } else if (SETTING_COLUMN.matcher(name).find()) {
        given.add(Kind.SETTING);
      }
    }
    for (String cell : row.cells()) {
      if (BreakingMarkers.isLabel(cell) || CONVENTIONAL_CELL.matcher(cell).find()) {
        given.add(Kind.BREAKING);
      }
    }
    if (judged && !given.contains(Kind.BREAKING)) {
      return;
    }
    judge(row.words(), 0, given);
  }

  private void judge(Words words, int depth, Set<Kind> given) {
    List<Sentences.Sentence> sentences = Sentences.of(words.prose());
    if (sentences.isEmpty()) {
      return;
    }
    String text = words.text();
    Kind section = sections.kindOf(text, cut(text, sentences.get(0)));
    if (section == null && text.length() < 80 && EMPTY_BOX.matcher(text).find()) {
      return;
    }
    boolean urgent = alertOpen || WARNING_SIGN.matcher(text).find();
    Set<Kind> kinds = EnumSet.copyOf(given.isEmpty() ? EnumSet.noneOf(Kind.class) : given);
    if (section != null) {
      kinds.add(section);
    }
    if (hasLabel(words)) {
      kinds.add(Kind.BREAKING);
    }
    Set<Kind> own = EnumSet.noneOf(Kind.class);
    Map<Kind, Sentences.Sentence> where = new EnumMap<>(Kind.class);
    for (Sentences.Sentence sentence : sentences) {
      Set<Kind> said = kindsOf(words, sentence, urgent);
      if (sentence.marked()
          && said.contains(Kind.BREAKING)
          && own.contains(Kind.BREAKING)
          && section != Kind.BREAKING) {
        add(Kind.BREAKING, upToNextMark(words, sentences, sentence), words.line(sentence.start()));
      }
      said.forEach(kind -> where.putIfAbsent(kind, sentence));
      own.addAll(said);
    }
    if (words.links().stream().anyMatch(OtherMarkers::identifier)) {
      own.add(Kind.SECURITY);
    }
    kinds.addAll(own);
    if (urgent && kinds.isEmpty() && !Negation.isNothing(text)) {
      kinds.add(Kind.MIGRATION);
    }
    settle(kinds, own);
    for (Kind kind : kinds) {
      if (!coveredAbove(depth, kind)) {
        Sentences.Sentence sentence = where.get(kind);
        if (sentence == null || kind == section || given.contains(kind)) {
          add(kind, text, words.line(leading(text, 0)));
        } else {
          String quote = upToNextMark(words, sentences, sentence);
          add(kind, quote, words.line(leading(text, sentence.start())));
        }
      }
      remember(depth, kind);
    }
  }

  /** One passage is about one thing, and about security besides. */
  private static void settle(Set<Kind> kinds, Set<Kind> own) {
    if (kinds.contains(Kind.BREAKING)) {
      kinds.remove(Kind.MIGRATION);
      kinds.remove(Kind.SETTING);
    } else if (kinds.contains(Kind.SETTING) && kinds.contains(Kind.MIGRATION)) {
      kinds.remove(
          own.contains(Kind.SETTING) || !own.contains(Kind.MIGRATION)
              ? Kind.MIGRATION
              : Kind.SETTING);
    }
  }

  private static Set<Kind> kindsOf(Words words, Sentences.Sentence sentence, boolean urgent) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    String prose = words.prose().substring(sentence.start(), sentence.end());
    String text = cut(words.text(), sentence);
    if (BreakingMarkers.in(prose) || (urgent && OtherMarkers.takesAway(prose))) {
      kinds.add(Kind.BREAKING);
    }
    if (OtherMarkers.setting(text)) {
      kinds.add(Kind.SETTING);
    }
    if (OtherMarkers.migration(text)) {
      kinds.add(Kind.MIGRATION);
    }
    if (OtherMarkers.security(text)) {
      kinds.add(Kind.SECURITY);
    }
    return kinds;
  }

  /** Whether "breaking" stands apart in bold or code, as a label does. */
  private static boolean hasLabel(Words words) {
    return words.emphasised().stream()
        .filter(span -> span.end() - span.start() < 40)
        .filter(span -> BreakingMarkers.isLabel(words.text().substring(span.start(), span.end())))
        .anyMatch(
            span -> {
              String before = words.text().substring(0, span.start());
              String after = words.text().substring(span.end());
              boolean ahead = before.codePoints().noneMatch(Character::isLetterOrDigit);
              boolean behind = after.codePoints().noneMatch(Character::isLetterOrDigit);
              return (ahead
                      && !after.isBlank()
                      && !Negation.isNothing(after.replaceFirst("^\\W{0,4}:", "")))
                  || (behind && !Negation.denies(words.text(), span.start(), span.end()));
            });
  }

  private static String upToNextMark(
      Words words, List<Sentences.Sentence> sentences, Sentences.Sentence from) {
    int end = words.text().length();
    for (Sentences.Sentence sentence : sentences) {
      if (sentence.start() > from.start() && sentence.marked()) {
        end = sentence.start();
        break;
      }
    }
    return words.text().substring(from.start(), end);
  }

  private static String cut(String text, Sentences.Sentence sentence) {
    return text.substring(sentence.start(), sentence.end());
  }

  private static int leading(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private boolean coveredAbove(int depth, Kind kind) {
    for (int above = 1; above < depth; above++) {
      if (found.getOrDefault(above, Set.of()).contains(kind)) {
        return true;
      }
    }
    return false;
  }

  private void remember(int depth, Kind kind) {
    if (depth > 0) {
      found.computeIfAbsent(depth, at -> EnumSet.noneOf(Kind.class)).add(kind);
    }
  }

  private Kind add(Kind kind, String text, int line) {
    int count = counts.merge(kind, 1, Integer::sum);
    String quote = CleanText.quote(text);
    if (count <= MOST && !quote.isEmpty()) {
      findings.add(new Finding(kind, quote, line));
    }
    return kind;
  }

  private List<Finding> finish() {
    counts.forEach(
        (kind, count) -> {
          if (count > MOST) {
            int line = findings.isEmpty() ? 1 : findings.get(findings.size() - 1).line();
            findings.add(
                new Finding(
                    kind,
                    String.format(Locale.ROOT, "and %d more of the kind", count - MOST),
                    line));
          }
        });
    findings.sort(Comparator.comparingInt(Finding::line));
    return List.copyOf(findings);
  }
}
