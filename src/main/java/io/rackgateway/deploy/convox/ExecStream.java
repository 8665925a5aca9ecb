package io.rackgateway.deploy.convox;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what comes out of an exec socket: output in pieces that may break anywhere, and at its end
 * a marker with the exit code, which may be broken over pieces, too. The marker is the rack's own
 * ({@code pkg/structs} of Convox). Not thread-safe.
 */
final class ExecStream {

  static final String MARKER = "F1E49A85-0AD7-4AEF-A618-C249C6E6568D:";
  private static final Pattern CODE = Pattern.compile("^\\s*(-?\\d{1,10})\\s*$");
  private static final int LONGEST_LINE = 64 << 10;

  private final Consumer<String> lines;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer undecoded = ByteBuffer.allocate(0);
  private final StringBuilder pending = new StringBuilder();
  private boolean began;
  private boolean session;

  /**
   * @param lines takes the output's lines without their ends
   */
  ExecStream(Consumer<String> lines) {
    this.lines = lines;
  }

  void bytes(ByteBuffer piece) {
    ByteBuffer all = ByteBuffer.allocate(undecoded.remaining() + piece.remaining());
    all.put(undecoded).put(piece).flip();
    CharBuffer decoded = CharBuffer.allocate(all.remaining() + 1);
    decoder.decode(all, decoded, false);
    undecoded = all.slice();
    text(decoded.flip().toString());
  }

  void text(String piece) {
    if (!began && !piece.isEmpty()) {
      began = true;
      // How a v2 rack hands over to ECS Exec instead of answering.
      session = piece.charAt(0) == '\0';
    }
    pending.append(piece);
    int marker = pending.indexOf(MARKER);
    int end = marker < 0 ? pending.length() : marker;
    int from = 0;
    for (int i = pending.indexOf("\n"); i >= 0 && i < end; i = pending.indexOf("\n", from)) {
      line(pending.substring(from, i));
      from = i + 1;
    }
    if (marker < 0 && end - from > LONGEST_LINE) {
      int cut = end - MARKER.length();
      line(pending.substring(from, cut));
      from = cut;
    }
    pending.delete(0, from);
  }

  private void line(String text) {
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  /** Whether a v2 rack wants the caller to open a session elsewhere. */
  boolean wantsSession() {
    return session;
  }

  /**
   * The exit code, once the socket is closed; empty when it was closed without telling one: what
   * became of the command is not known then.
   */
  OptionalInt end() {
    int marker = pending.indexOf(MARKER);
    String rest = marker < 0 ? pending.toString() : pending.substring(0, marker);
    if (!rest.isEmpty()) {
      line(rest);
    }
    Matcher code = CODE.matcher(marker < 0 ? "" : pending.substring(marker + MARKER.length()));
    pending.setLength(0);
    try {
      return code.matches() ? OptionalInt.of(Integer.parseInt(code.group(1))) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
