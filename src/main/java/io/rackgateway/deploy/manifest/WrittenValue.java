package io.rackgateway.deploy.manifest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The value that a variable has for the gateway, in the pieces that it is made of. It may hold a
 * password, so it has no text form.
 */
record WrittenValue(List<Piece> pieces) {

  WrittenValue {
    pieces = List.copyOf(pieces);
  }

  /**
   * A piece.
   *
   * @param file where it is written; null when it is written in no file
   * @param offset where it begins there, in bytes
   * @param line the line it stands on, from 1
   * @param origin where it comes from if from no file: {@code the environment variable DB_HOST}
   */
  record Piece(String text, @Nullable Path file, int offset, int line, String origin) {

    static Piece in(Path file, int offset, int line, String text) {
      return new Piece(text, file, offset, line, file.toString());
    }

    static Piece elsewhere(String text, String origin) {
      return new Piece(text, null, 0, 0, origin);
    }

    /** Where a character of the piece stands in the file, in bytes. */
    int byteOffset(int character) {
      return offset + text.substring(0, character).getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
      return origin;
    }
  }

  /** Whether any of it is written in a file. */
  boolean inFiles() {
    return pieces.stream().anyMatch(piece -> piece.file() != null);
  }

  String text() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return pieces.stream().map(Piece::toString).distinct().collect(Collectors.joining(", "));
  }
}
