package io.rackgateway.deploy.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A Unix socket in the form of {@link Socket}, which the JDBC driver asks for; Java itself offers
 * Unix sockets as channels only. One thread reads and one writes at a time. Options of TCP do
 * nothing.
 */
final class UnixSocket extends Socket {

  private final String folder;
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile int timeoutMillis;
  private volatile boolean connected;

  UnixSocket(String folder) throws IOException {
    this.folder = folder;
    this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    this.readable = Selector.open();
    this.writable = Selector.open();
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  /** Connects at once or not at all: there is no network in between. */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    Path path = Path.of(folder, ".s.PGSQL." + ((InetSocketAddress) endpoint).getPort());
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      ConnectException refused = new ConnectException(path + ": " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
    channel.configureBlocking(false);
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
    connected = true;
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  @Override
  public synchronized void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public synchronized int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // An option of TCP.
  }

  @Override
  public void setKeepAlive(boolean on) {
    // An option of TCP.
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }

  private final class Input extends InputStream {

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      int limit = timeoutMillis;
      long start = System.nanoTime();
      int count = channel.read(buffer);
      while (count == 0) {
        long left = limit - (System.nanoTime() - start) / 1_000_000;
        if (limit > 0 && left <= 0) {
          throw new SocketTimeoutException("no answer within " + limit + " ms");
        }
        // Zero waits without an end.
        readable.select(limit > 0 ? left : 0);
        readable.selectedKeys().clear();
        count = channel.read(buffer);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (channel.write(buffer) >= 0 && buffer.hasRemaining()) {
        writable.select();
        writable.selectedKeys().clear();
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
