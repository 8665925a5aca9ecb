package io.rackgateway.deploy.release.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.ReleaseNote.Finding;
import io.rackgateway.deploy.model.ReleaseNote.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Notes of 1 MB that are made to take for ever, to overflow a stack, or to fool a terminal. */
class HostileNotesTest {

  private static final int SIZE = (1 << 20) - 100;
  private static final String END = "\n\n## Breaking changes\n\n- the end was reached\n";

  static Stream<String> pieces() {
    return Stream.of(
        ">",
        "![a](<b",
        "*a _b ",
        "`a``",
        "- ",
        "<a ",
        "<!--",
        "<",
        "| a ",
        "no breaking ",
        "\u001b]0;",
        "<b>",
        "**a**\n\n",
        ". ",
        "A_",
        "(breaking ");
  }

  /**
   * The work is bounded by the size: every stretch, sentence and nesting has a bound of its own.
   */
  @ParameterizedTest
  @MethodSource("pieces")
  @Timeout(120)
  void aMillionCharactersAreReadToTheEndOnASmallStack(String piece) throws InterruptedException {
    String notes = piece.repeat((SIZE - END.length()) / piece.length()) + END;
    AtomicReference<List<Finding>> found = new AtomicReference<>(List.of());
    Thread reader =
        new Thread(null, () -> found.set(NotesCorpusTest.findings(notes)), "reader", 512 * 1024);
    reader.start();
    reader.join();

    assertThat(found.get()).anyMatch(finding -> finding.kind() == Kind.BREAKING);
    assertThat(found.get()).allMatch(finding -> finding.quote().length() <= 200);
    assertThat(found.get()).hasSizeLessThanOrEqualTo(4 * (Judgement.MOST + 1));
  }

  @Test
  void noStretchThatTheParserGetsIsLongerThanTheBound() {
    String parted = Lines.of("![a](<b".repeat(20_000) + "\n" + "word\n".repeat(9_000)).text();

    assertThat(parted.split("\n\n", -1))
        .allMatch(stretch -> stretch.length() <= 2 * Lines.LONGEST_STRETCH);
  }

  @Test
  void aLongTableKeepsItsHeader() {
    String notes =
        "| Change | Breaking |\n|---|---|\n"
            + "| nothing of note | no |\n".repeat(300)
            + "| tokens expire | yes |\n";

    assertThat(NotesCorpusTest.findings(notes))
        .singleElement()
        .satisfies(finding -> assertThat(finding.line()).isEqualTo(303));
  }

  @Test
  void notesBeyondTheBoundNeedReading() {
    String notes = "- fine\n".repeat(NotesReader.LONGEST / 6);

    assertThat(NotesCorpusTest.findings(notes))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(Kind.BREAKING);
              assertThat(finding.quote()).contains("what follows was not read");
              assertThat(finding.line()).isEqualTo(149_797);
            });
  }

  @Test
  void anOverlongBlockOfHtmlNeedsReading() {
    assertThat(NotesCorpusTest.findings("<pre>\n" + "fine\n".repeat(20_000) + "</pre>"))
        .extracting(Finding::kind)
        .contains(Kind.BREAKING);
  }

  @Test
  void linesAreThoseOfTheNotesBehindOverlongOnes() {
    String notes = "word ".repeat(5_000) + "\nBREAKING: here\n";

    assertThat(NotesCorpusTest.findings(notes)).extracting(Finding::line).containsExactly(2);
  }

  @Test
  void quotesCarryNothingThatATerminalObeys() {
    String notes =
        "- **BREAKING:** \u001b[2J\u001b]0;title\u0007red\u202egreen\u0000 \u009bx\u2028y";

    assertThat(NotesCorpusTest.findings(notes))
        .extracting(Finding::quote)
        .containsExactly("BREAKING: redgreen x y");
  }
}
