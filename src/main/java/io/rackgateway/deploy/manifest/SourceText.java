package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.model.DeployException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a UTF-8 file, with the way back from its code points to its bytes. */
final class SourceText {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String text;
  private final int skipped;

  private SourceText(String text, int skipped) {
    this.text = text;
    this.skipped = skipped;
  }

  /**
   * @param name the file's name, for messages
   * @throws DeployException.Usage if the bytes are not UTF-8
   */
  static SourceText decode(String name, byte[] bytes) {
    int skipped = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, skipped, bytes.length - skipped))
              .toString();
      return new SourceText(text, skipped);
    } catch (CharacterCodingException e) {
      throw new DeployException.Usage(
          name + " is not UTF-8 text", "save the file as UTF-8, then run the command again");
    }
  }

  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == BYTE_ORDER_MARK[0]
        && bytes[1] == BYTE_ORDER_MARK[1]
        && bytes[2] == BYTE_ORDER_MARK[2];
  }

  /** The text without its byte order mark. */
  String text() {
    return text;
  }

  /** The text between two code points, counted from the start of {@link #text()}. */
  String slice(int from, int to) {
    return text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
  }

  /** Where a code point of {@link #text()} begins in the file, in bytes. */
  int byteOffset(int codePoint) {
    int end = text.offsetByCodePoints(0, codePoint);
    return skipped + text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
  }
}
