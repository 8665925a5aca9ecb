package io.rackgateway.deploy.release.notes;

import io.rackgateway.deploy.model.ReleaseNote;
import io.rackgateway.deploy.model.ReleaseNote.Finding;
import io.rackgateway.deploy.model.ReleaseNote.Kind;
import io.rackgateway.deploy.release.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what release notes say that concerns an upgrade: by their headings and by markers, as
 * projects write them. Takes time in proportion to the notes, whatever they hold.
 */
public final class NotesReader {

  /** Notes are read up to here, in characters; GitHub's own limit is 125,000. */
  public static final int LONGEST = 1 << 20;

  /** The note of a release. What could not be read is a finding that has to be acknowledged. */
  public ReleaseNote read(Release release) {
    return new ReleaseNote(
        release.version(), release.url(), release.publishedAt(), findings(release.notes()));
  }

  private static List<Finding> findings(String notes) {
    if (notes.length() <= LONGEST) {
      return Judgement.of(MarkdownPassages.of(CleanText.of(notes)));
    }
    int end = Math.max(notes.lastIndexOf('\n', LONGEST - 1) + 1, LONGEST / 2);
    String read = CleanText.of(notes.substring(0, end));
    int line = (int) read.chars().filter(c -> c == '\n').count() + 1;
    List<Finding> findings = new ArrayList<>(Judgement.of(MarkdownPassages.of(read)));
    findings.add(
        new Finding(
            Kind.BREAKING,
            "the notes are longer than " + LONGEST + " characters; what follows was not read",
            line));
    return findings;
  }
}
