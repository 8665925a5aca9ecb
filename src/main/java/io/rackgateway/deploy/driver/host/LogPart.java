package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a log file that one instance wrote. Read from where the wanted stretch of time begins,
 * which is looked for by halves, without keeping it.
 *
 * @param from the first byte
 * @param to the byte after the last one; more than there is for all that there is
 * @param instance who wrote it
 * @param begin the time of lines before the first that carries one
 */
record LogPart(Path file, long from, long to, String instance, Instant begin) {

  private static final int NEAR = 1 << 20;
  private static final int SAMPLE = 64 * 1024;

  /** Lines of several threads may change places. */
  private static final Duration DISORDER = Duration.ofMinutes(1);

  /**
   * Hands out the lines of a stretch of time. Times in lines tell whole seconds.
   *
   * @throws DeployException.StepFailed if the file cannot be read; one that is not there is empty
   */
  void read(Instant since, @Nullable Instant until, LogReader reader) {
    try (FileChannel channel = FileChannel.open(file)) {
      long end = Math.min(to, channel.size());
      long place = seek(channel, end, since.minus(DISORDER));
      Taker taker = new Taker(place == from ? begin : Instant.EPOCH, since, until, reader);
      channel.position(place);
      try (InputStream in = new Limited(Channels.newInputStream(channel), end - place)) {
        Lines.read(in, taker::take);
      }
    } catch (NoSuchFileException e) {
      // Nothing was logged yet.
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the log " + file + " could not be read: " + IoFailure.describe(e),
              "give this user the right to read it"),
          e);
    }
  }

  private final class Taker {
    private final LineTimes times = new LineTimes();
    private final Instant first;
    private final @Nullable Instant until;
    private final LogReader reader;
    private Instant time;

    Taker(Instant begin, Instant since, @Nullable Instant until, LogReader reader) {
      this.time = begin;
      this.first = since.truncatedTo(ChronoUnit.SECONDS);
      this.until = until;
      this.reader = reader;
    }

    /** A line without a time belongs to the line before it. */
    void take(String line) {
      Instant told = times.of(line);
      time = told == null ? time : told;
      if (!time.isBefore(first) && (until == null || time.isBefore(until))) {
        reader.line(instance, time, line);
      }
    }
  }

  /** A place not far before the first line that is not older than the instant. */
  private long seek(FileChannel channel, long end, Instant instant) throws IOException {
    long low = from;
    long high = end;
    ByteBuffer sample = ByteBuffer.allocate(SAMPLE);
    while (high - low > NEAR) {
      long middle = low + (high - low) / 2;
      sample.clear();
      int count = channel.read(sample, middle);
      Instant time =
          count <= 0
              ? null
              : firstTime(new String(sample.array(), 0, count, StandardCharsets.UTF_8));
      if (time == null) {
        return low;
      }
      if (time.isBefore(instant)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static @Nullable Instant firstTime(String text) {
    LineTimes times = new LineTimes();
    return text.lines()
        .skip(1)
        .map(line -> Optional.ofNullable(times.of(line)))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  /** The first bytes of a stream: what is written while it is read is not waited for. */
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
