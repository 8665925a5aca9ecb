package io.rackgateway.deploy.backup.pgdump;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Works on several things at once, each lane taking the next one when it is free. */
final class Lanes {

  private final int count;

  Lanes(int count) {
    this.count = count;
  }

  /**
   * Ends when all is done.
   *
   * @throws IOException the first failure, after which no further work is begun
   */
  <T> void each(List<T> things, Work<T> work) throws IOException {
    Queue<T> queue = new ConcurrentLinkedQueue<>(things);
    List<Aside<Boolean>> lanes = new ArrayList<>();
    for (int lane = 1; lane < Math.min(count, things.size()); lane++) {
      lanes.add(Aside.begin("backup-lane-" + lane, () -> drain(queue, work)));
    }
    try {
      drain(queue, work);
    } finally {
      queue.clear();
      for (Aside<Boolean> lane : lanes) {
        lane.finished();
      }
    }
    for (Aside<Boolean> lane : lanes) {
      lane.result();
    }
  }

  private static <T> boolean drain(Queue<T> queue, Work<T> work) throws IOException {
    try {
      for (T thing = queue.poll(); thing != null; thing = queue.poll()) {
        work.on(thing);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      queue.clear();
      throw e;
    }
  }

  /** What is done to each thing. */
  @FunctionalInterface
  interface Work<T> {
    void on(T thing) throws IOException;
  }
}
