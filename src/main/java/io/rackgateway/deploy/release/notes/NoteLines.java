package io.rackgateway.deploy.release.notes;

import io.rackgateway.deploy.model.ReleaseNote;
import io.rackgateway.deploy.model.ReleaseNote.Finding;
import io.rackgateway.deploy.release.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What notes say, as the lines below a gate: per release its address, then what weighs most. */
final class NoteLines {

  private static final int MOST = 20;
  private static final int MOST_OF_ONE_RELEASE = 4;

  private NoteLines() {}

  static List<String> of(List<ReleaseNote> notes, List<Release> releases) {
    List<String> lines = new ArrayList<>();
    List<ReleaseNote> telling =
        notes.stream()
            .filter(note -> !note.findings().isEmpty())
            .sorted(Comparator.comparing(NoteLines::weight).thenComparing(ReleaseNote::version))
            .toList();
    int told = 0;
    for (ReleaseNote note : telling) {
      if (lines.size() + 2 > MOST - 1) {
        break;
      }
      lines.add(note.version() + " " + CleanText.quote(CleanText.of(note.url())));
      note.findings().stream()
          .sorted(Comparator.comparing(Finding::kind))
          .limit(Math.min(MOST_OF_ONE_RELEASE, MOST - 1 - lines.size()))
          .map(f -> "  " + f.kind().label() + ", line " + f.line() + ": " + f.quote())
          .forEach(lines::add);
      told++;
    }
    if (told < telling.size()) {
      lines.add("and " + (telling.size() - told) + " of " + releases.size() + " releases more");
    }
    return lines;
  }

  /** Kinds stand in the order of their weight. */
  private static ReleaseNote.Kind weight(ReleaseNote note) {
    return note.findings().stream()
        .map(Finding::kind)
        .min(Comparator.naturalOrder())
        .orElse(ReleaseNote.Kind.SECURITY);
  }
}
