package io.rackgateway.deploy.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Questions that are answered side by side. Closing it gives up those that are still open. */
final class Meanwhile implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "meanwhile");
            thread.setDaemon(true);
            return thread;
          });

  /** Begins to find an answer, which is waited for where it is asked for; its failure, too. */
  <T> Supplier<T> begin(Supplier<T> question) {
    Future<T> answer = executor.submit(question::get);
    return () -> await(answer);
  }

  private static <T> T await(Future<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while planning", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("planning failed", e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
