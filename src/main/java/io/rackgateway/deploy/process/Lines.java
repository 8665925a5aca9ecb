package io.rackgateway.deploy.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the lines of a stream of any length, UTF-8, without keeping them. A line ends with a line
 * feed, perhaps behind a carriage return; what a line has beyond 64 KiB is dropped.
 */
public final class Lines {

  private static final int LONGEST = 64 * 1024;

  private final byte[] buffer = new byte[2 * LONGEST];
  private int begin;
  private int end;
  private boolean dropping;

  private Lines() {}

  /**
   * Hands out each line of the stream, in order, until it ends.
   *
   * @throws IOException if it breaks off; all whole lines until then have been handed out
   */
  public static void read(InputStream in, Consumer<String> lines) throws IOException {
    new Lines().copy(in, lines);
  }

  private void copy(InputStream in, Consumer<String> lines) throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    while (count >= 0) {
      int from = end;
      end += count;
      split(from, lines);
      makeRoom(lines);
      count = in.read(buffer, end, buffer.length - end);
    }
    if (begin < end && !dropping) {
      emit(end, lines);
    }
  }

  /** Hands out the lines that have ended since the place. */
  private void split(int from, Consumer<String> lines) {
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        if (!dropping) {
          emit(i, lines);
        }
        dropping = false;
        begin = i + 1;
      }
    }
  }

  private void makeRoom(Consumer<String> lines) {
    if (dropping) {
      begin = end;
    } else if (end - begin >= LONGEST) {
      emit(begin + LONGEST, lines);
      dropping = true;
      begin = end;
    }
    System.arraycopy(buffer, begin, buffer, 0, end - begin);
    end -= begin;
    begin = 0;
  }

  private void emit(int stop, Consumer<String> lines) {
    int last = stop > begin && buffer[stop - 1] == '\r' ? stop - 1 : stop;
    int length = Math.min(last - begin, LONGEST);
    lines.accept(new String(buffer, begin, length, StandardCharsets.UTF_8));
  }
}
