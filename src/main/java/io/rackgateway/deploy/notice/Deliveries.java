package io.rackgateway.deploy.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The notices of one webhook, delivered one after another beside the run. */
final class Deliveries {

  private final Webhook webhook;
  private final Consumer<String> problems;
  private final List<String> undelivered = new ArrayList<>();
  private int waiting;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread daemon = new Thread(task, "notices");
            daemon.setDaemon(true);
            return daemon;
          });

  /**
   * @param problems is told each notice that could not be delivered, in one sentence
   */
  Deliveries(Webhook webhook, Consumer<String> problems) {
    this.webhook = webhook;
    this.problems = problems;
  }

  Webhook webhook() {
    return webhook;
  }

  void send(Notice notice) {
    count(1);
    thread.execute(() -> deliver(notice));
  }

  private void deliver(Notice notice) {
    String problem;
    try {
      problem = webhook.deliver(notice);
    } catch (RuntimeException e) {
      problem = "sending it broke, a bug of this tool: " + e.getClass().getSimpleName();
    }
    count(-1);
    if (problem != null) {
      String about = notice.about().name().toLowerCase(Locale.ROOT);
      String sentence =
          webhook.name() + ": the notice of " + about + " was not delivered: " + problem;
      synchronized (this) {
        undelivered.add(sentence);
      }
      problems.accept(sentence);
    }
  }

  private synchronized void count(int change) {
    waiting += change;
  }

  /** Waits until the deadline, then gives up what is left; what was not delivered, if anything. */
  Optional<String> finish(long deadlineNanos) {
    thread.shutdown();
    boolean all = false;
    try {
      all =
          thread.awaitTermination(
              Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int left;
    List<String> failed;
    synchronized (this) {
      left = waiting;
      failed = List.copyOf(undelivered);
    }
    if (!all) {
      thread.shutdownNow();
      return Optional.of(
          webhook.name()
              + ": "
              + left
              + (left == 1 ? " notice was" : " notices were")
              + " not delivered before this ended");
    }
    return failed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            failed.get(failed.size() - 1)
                + (failed.size() > 1 ? " (and " + (failed.size() - 1) + " before it)" : ""));
  }
}
