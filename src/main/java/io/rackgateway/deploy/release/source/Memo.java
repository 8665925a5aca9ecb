package io.rackgateway.deploy.release.source;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Remembers answers. Who asks for one that is being looked up waits for it, and shares its failure,
 * too; a failure is not remembered beyond that. Thread-safe.
 */
public final class Memo<K, V> {

  private final ConcurrentMap<K, CompletableFuture<V>> answers = new ConcurrentHashMap<>();

  /** The answer, looked up if it is not known. */
  public V get(K key, Supplier<V> lookup) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> theirs = answers.putIfAbsent(key, mine);
    if (theirs != null) {
      return await(theirs);
    }
    try {
      V answer = lookup.get();
      mine.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      answers.remove(key, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private static <V> V await(CompletableFuture<V> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }
}
