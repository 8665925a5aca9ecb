package io.rackgateway.deploy.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CancellationTest {

  @Test
  void ofRequestsAtTheSameTimeExactlyOneIsTheFirst() throws Exception {
    Cancellation cancellation = new Cancellation();
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger first = new AtomicInteger();
    var threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          try {
                            go.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                          if (cancellation.request("SIGTERM " + i)) {
                            first.incrementAndGet();
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);

    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(first).hasValue(1);
    assertThat(cancellation.request("SIGINT")).isFalse();
    assertThat(cancellation.reason()).startsWith("SIGTERM");
  }
}
