package io.rackgateway.deploy.convox;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A WebSocket that is read from to its end. */
final class RackSocket extends WebSocketListener implements AutoCloseable {

  private final Consumer<ByteString> reader;
  private final RackFailure failures;
  private final CompletableFuture<End> ended = new CompletableFuture<>();
  private volatile @Nullable WebSocket socket;

  /**
   * How it ended.
   *
   * @param failure null when the other end closed it
   * @param refusal what was answered instead of opening it; null where there was nothing
   */
  record End(@Nullable Throwable failure, @Nullable RuntimeException refusal) {}

  /**
   * @param reader takes each message, in order, on a thread of its own
   * @param failures says what an answer means that did not open it
   */
  RackSocket(Consumer<ByteString> reader, RackFailure failures) {
    this.reader = reader;
    this.failures = failures;
  }

  RackSocket on(WebSocket opened) {
    socket = opened;
    return this;
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    reader.accept(ByteString.encodeUtf8(text));
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteString bytes) {
    if (bytes.size() == 0) {
      // How a rack says that this was all; the closing it leaves to the client.
      webSocket.close(1000, null);
      ended.complete(new End(null, null));
      return;
    }
    reader.accept(bytes);
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    webSocket.close(1000, null);
    ended.complete(new End(null, null));
  }

  @Override
  public void onClosed(WebSocket webSocket, int code, String reason) {
    ended.complete(new End(null, null));
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
    // The answer can be read now, and is closed afterwards.
    ended.complete(new End(failure, response == null ? null : failures.socket(response)));
  }

  /** Called when it has ended, or now if it has. */
  void atEnd(Runnable listener) {
    var unused = ended.whenComplete((end, failure) -> listener.run());
  }

  boolean atEnd() {
    return ended.isDone();
  }

  /** Waits for the end; null when the limit passed before. */
  @Nullable End await(Duration limit) {
    try {
      return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a socket's end is no failure", e);
    }
  }

  /** Ends it, whatever the other end does. */
  @Override
  public void close() {
    WebSocket opened = socket;
    if (opened != null) {
      opened.cancel();
    }
  }
}
