package io.rackgateway.deploy.release.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An input that fails, rather than ends, once it turned out longer than it may be. */
public final class LimitedInput extends FilterInputStream {

  private static final long MIB = 1L << 20;

  private final long most;
  private final String verb;
  private long bytes;

  /**
   * @param most in bytes
   * @param verb what the thing does with its bytes, for the message: {@code is}, {@code unpacks to}
   */
  public LimitedInput(InputStream in, long most, String verb) {
    super(in);
    this.most = most;
    this.verb = verb;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count(Math.max(read, 0));
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    count(skipped);
    return skipped;
  }

  private void count(long more) throws Malformed {
    bytes += more;
    if (bytes > most) {
      throw new Malformed(verb + " more than " + most / MIB + " MiB");
    }
  }
}
