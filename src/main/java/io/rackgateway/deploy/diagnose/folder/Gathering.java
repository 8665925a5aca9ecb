package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out all parts at once, each within its own limit and all within one. */
final class Gathering {

  private Gathering() {}

  /** Answers in the order of the parts; a part that fails or is late is answered with that. */
  static List<Answer> all(List<Part> parts, Duration limit) {
    ExecutorService workers =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "diagnosis");
              thread.setDaemon(true);
              return thread;
            });
    try {
      long start = System.nanoTime();
      List<Future<Answer>> running = new ArrayList<>();
      for (Part part : parts) {
        running.add(workers.submit(() -> answer(part)));
      }
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        answers.add(await(parts.get(i), running.get(i), start, limit));
      }
      return answers;
    } finally {
      // Ends the programs that parts still run; what cannot be interrupted is left behind.
      workers.shutdownNow();
    }
  }

  private static Answer await(Part part, Future<Answer> running, long start, Duration whole) {
    Duration limit = part.limit().compareTo(whole) < 0 ? part.limit() : whole;
    try {
      long left = limit.minus(Waits.since(start)).toMillis();
      return running.get(Math.max(1, left), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      return failed(part, start, "this was not found out within " + NetworkFailure.seconds(limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(part, start, "this was not waited for");
    } catch (ExecutionException e) {
      return failed(part, start, "this broke: " + e.getCause());
    }
  }

  private static Answer answer(Part part) throws Exception {
    long start = System.nanoTime();
    try {
      return new Answer(part.name(), part.title(), part.work().call(), Waits.since(start), null);
    } catch (DeployException e) {
      return failed(part, start, e.problem().summary());
    } catch (IOException e) {
      return failed(part, start, IoFailure.describe(e));
    }
  }

  private static Answer failed(Part part, long start, String problem) {
    return new Answer(part.name(), part.title(), "", Waits.since(start), problem);
  }
}
