package io.rackgateway.deploy.manifest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Replacements of short texts in one file. As nothing else of it changes, undoing them gives the
 * previous bytes exactly, which the hashes prove.
 *
 * @param file absolute path
 * @param replacements in the order of their places
 * @param sha256Before hash of the whole file before, lower-case hex
 * @param sha256After hash of the whole file after
 */
record FileEdit(
    String file, List<Replacement> replacements, String sha256Before, String sha256After) {

  FileEdit {
    replacements = List.copyOf(replacements);
  }

  /**
   * One replacement.
   *
   * @param offset where it begins in the file as it was before, in bytes
   * @param variable the variable whose value it is a part of
   */
  record Replacement(int offset, int line, String variable, String before, String after) {

    private int growth() {
      return after.length() - before.length();
    }
  }

  /** The edit of a file with this content. */
  static FileEdit of(String file, byte[] content, List<Replacement> replacements) {
    FileEdit edit = new FileEdit(file, replacements, Sha256.of(content), "");
    byte[] edited = edit.forward(content).orElseThrow();
    return new FileEdit(file, replacements, edit.sha256Before(), Sha256.of(edited));
  }

  /** The content with the replacements made; empty when it does not say what is replaced. */
  Optional<byte[]> forward(byte[] content) {
    return splice(content, true);
  }

  /** The content with the replacements undone; empty when it does not hold them. */
  Optional<byte[]> back(byte[] content) {
    return splice(content, false);
  }

  /** Where what stood at an offset before stands after. */
  int moved(int offset) {
    return offset
        + replacements.stream()
            .filter(replacement -> replacement.offset() < offset)
            .mapToInt(Replacement::growth)
            .sum();
  }

  private Optional<byte[]> splice(byte[] content, boolean forward) {
    ByteArrayOutputStream result = new ByteArrayOutputStream(content.length + 64);
    int position = 0;
    int shift = 0;
    for (Replacement replacement : replacements) {
      byte[] gone = bytes(forward ? replacement.before() : replacement.after());
      int start = replacement.offset() + (forward ? 0 : shift);
      shift += replacement.growth();
      if (start < position
          || start + gone.length > content.length
          || !Arrays.equals(Arrays.copyOfRange(content, start, start + gone.length), gone)) {
        return Optional.empty();
      }
      result.write(content, position, start - position);
      result.writeBytes(bytes(forward ? replacement.after() : replacement.before()));
      position = start + gone.length;
    }
    result.write(content, position, content.length - position);
    return Optional.of(result.toByteArray());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
