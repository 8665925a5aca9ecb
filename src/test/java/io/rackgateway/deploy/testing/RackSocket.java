package io.rackgateway.deploy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketHandler;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;
import okio.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a WebSocket (RFC 6455) that can do what a polite one cannot: end without a
 * closing frame, as a rack's do, and break off. It ignores what the client says, except pings and
 * the closing frame, and knows no fragments and no extensions.
 */
final class RackSocket implements SocketHandler {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;

  private final Consumer<RackSocket> opened;
  private final Consumer<RackSocket> closed;
  private @Nullable Socket socket;
  private @Nullable BufferedSink sink;

  /**
   * @param opened called once it is open; must not block
   * @param closed called when the client, or the connection, is gone
   */
  RackSocket(Consumer<RackSocket> opened, Consumer<RackSocket> closed) {
    this.opened = opened;
    this.closed = closed;
  }

  /** The answer that opens it. */
  MockResponse.Builder upgrade(RecordedRequest request) {
    String key = request.getHeaders().get("Sec-WebSocket-Key");
    return new MockResponse.Builder()
        .code(101)
        .setHeader("Connection", "Upgrade")
        .setHeader("Upgrade", "websocket")
        .setHeader("Sec-WebSocket-Accept", ByteString.encodeUtf8(key + GUID).sha1().base64())
        .socketHandler(this);
  }

  @Override
  public void handle(Socket connection) {
    BufferedSource source = Okio.buffer(connection.getSource());
    synchronized (this) {
      socket = connection;
      sink = Okio.buffer(connection.getSink());
    }
    try {
      opened.accept(this);
      boolean open = true;
      while (open) {
        open = read(source);
      }
    } catch (IOException e) {
      // The client went away without a word, or this end broke off: nobody is left to tell.
    } finally {
      closed.accept(this);
      connection.cancel();
    }
  }

  private boolean read(BufferedSource source) throws IOException {
    int opcode = source.readByte() & 0x0F;
    int second = source.readByte() & 0xFF;
    long length = second & 0x7F;
    if (length == 126) {
      length = source.readShort() & 0xFFFF;
    } else if (length == 127) {
      length = source.readLong();
    }
    byte[] mask = (second & 0x80) == 0 ? new byte[4] : source.readByteArray(4);
    byte[] payload = source.readByteArray(length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    if (opcode == PING) {
      frame(PONG, payload);
    } else if (opcode == CLOSE) {
      frame(CLOSE, payload);
    }
    return opcode != CLOSE;
  }

  /** Sends a frame of text; nothing when the client is gone. */
  void text(String text) {
    frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty binary frame, which is how a rack says that there is no more to come. */
  void end() {
    frame(BINARY, new byte[0]);
  }

  /** Closes the connection without any frame. */
  synchronized void breakOff() {
    if (socket != null) {
      socket.cancel();
    }
  }

  private synchronized void frame(int opcode, byte[] payload) {
    if (sink == null) {
      return;
    }
    try {
      sink.writeByte(0x80 | opcode);
      if (payload.length < 126) {
        sink.writeByte(payload.length);
      } else if (payload.length <= 0xFFFF) {
        sink.writeByte(126).writeShort(payload.length);
      } else {
        sink.writeByte(127).writeLong(payload.length);
      }
      sink.write(payload).flush();
    } catch (IOException e) {
      sink = null;
    }
  }
}
