package io.rackgateway.deploy.release.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.ReleaseNote;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Release notes in the styles of real projects. The comment at the end of each says what must be
 * found, and that nothing else is: kind, line, and how the quote begins.
 */
class NotesCorpusTest {

  private static final Path FOLDER = Path.of("src/test/resources/release-notes");
  private static final String EXPECT = "\n<!-- expect: ";

  /** One file; its name is the name of the test. */
  record Case(String name, String notes, List<String> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> notes() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(NotesCorpusTest::read).toList();
    }
  }

  private static Case read(Path file) {
    try {
      String text = Files.readString(file);
      int at = text.lastIndexOf(EXPECT);
      List<String> comment = text.substring(at + EXPECT.length()).lines().toList();
      return new Case(
          file.getFileName().toString(),
          text.substring(0, at),
          comment.subList(1, comment.size() - 1));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  @ParameterizedTest
  @MethodSource("notes")
  void isReadAsAPersonWould(Case file) {
    List<String> found =
        findings(file.notes()).stream()
            .map(f -> f.kind().label() + " " + f.line() + " " + f.quote())
            .toList();
    assertThat(found).hasSameSizeAs(file.expected());
    for (int index = 0; index < found.size(); index++) {
      assertThat(found.get(index)).startsWith(file.expected().get(index));
    }
  }

  @Test
  void isBigEnoughAndHoldsAsManyThatMustNotBlockAsAThirdOfIt() throws IOException {
    List<Case> all = notes();
    long harmless =
        all.stream()
            .filter(file -> file.expected().stream().noneMatch(e -> e.startsWith("breaking")))
            .count();
    assertThat(all).hasSizeGreaterThanOrEqualTo(45);
    assertThat(harmless).isGreaterThan(all.size() / 3);
  }

  static List<ReleaseNote.Finding> findings(String notes) {
    return new NotesReader()
        .read(new Release(Version.parse("v1.2.0"), "v1.2.0", "https://x", notes, false, null))
        .findings();
  }
}
